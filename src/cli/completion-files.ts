import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandTable } from './command-table.ts';
import { bashRegion } from './completion-bash.ts';
import { fishRegion } from './completion-fish.ts';
import { withRegion } from './completion-region.ts';
import { zshRegion } from './completion-zsh.ts';

export interface CompletionFile {
  readonly path: string;
  readonly text: string;
}

/** The expected completion files: the existing text with its generated part made again. */
export function completionFiles(packageFolder: string): CompletionFile[] {
  const file = (name: string, region: string) => {
    const path = join(packageFolder, 'completions', name);
    return { path, text: withRegion(readFileSync(path, 'utf8'), region) };
  };
  return [
    file('awsh.bash', bashRegion(commandTable())),
    file('_awsh', zshRegion(commandTable())),
    file('awsh.fish', fishRegion(commandTable())),
  ];
}

/** Writes the completion files (`npm run completions`). */
export function writeCompletionFiles(packageFolder: string): void {
  for (const { path, text } of completionFiles(packageFolder)) writeFileSync(path, text);
}
