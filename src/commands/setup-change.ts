import type { Look } from '../cli/index.ts';
import { printable } from '../system/index.ts';
import { loadingLine, otherLoginFiles, type SetupShell, withBlock, withoutBlock } from './rc-block.ts';
import { readRc } from './rc-file.ts';
import { isNewLoginFile } from './rc-places.ts';

/**
 * A change that `setup` makes to one file; the texts are bytes, one character each, or null for no
 * file.
 */
export interface RcChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * The change that adds the block for this shell. `packageFolder` is the folder that the block
 * names.
 */
export function addition(path: string, shell: SetupShell, packageFolder: string, home: string): RcChange {
  const before = readRc(path);
  const line = Buffer.from(loadingLine(shell, packageFolder, home), 'utf8').toString('latin1');
  const whenNew = isNewLoginFile(path) ? `${otherLoginFiles}\n${line}` : line;
  return { path, before, after: withBlock(before, line, whenNew) };
}

/** The change that removes the block. */
export function removal(path: string): RcChange {
  const before = readRc(path);
  return { path, before, after: before === null ? null : withoutBlock(before) };
}

/**
 * The removed lines, with `- `, the added ones, with `+ `, and their position in the file. Never
 * shows the user's own lines, which do not belong in a log.
 */
export function changedLines({ before, after }: RcChange, look: Look): string[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  let from = 0;
  while (from < old.length && from < now.length && old[from] === now[from]) from += 1;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - from && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const place =
    before === null ? 'a new file' : from === old.length ? 'at its end' : `from line ${from + 1} on`;
  return [
    look.dim(`  ${place}`),
    ...old.slice(from, old.length - tail).map((line) => look.red(`- ${shown(line)}`)),
    ...now.slice(from, now.length - tail).map((line) => look.green(`+ ${shown(line)}`)),
  ];
}

function linesOf(text: string | null): string[] {
  return text === null || text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function shown(bytes: string): string {
  return printable(Buffer.from(bytes, 'latin1').toString('utf8'));
}
