import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandInput, Context } from '../cli/index.ts';

const files: Readonly<Record<string, string>> = {
  bash: 'awsh.bash',
  zsh: '_awsh',
  fish: 'awsh.fish',
};

/**
 * `awsh completion SHELL`: prints the file of `completions/`, to be saved in one of the shell's
 * folders or evaluated.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const file = files[input.required('SHELL')] ?? '';
  await context.output.print(readFileSync(join(context.packageFolder, 'completions', file), 'utf8'));
  return 0;
}
