/**
 * aws-vault's argument files: `@FILE` on a command line is replaced by the words in the file, one a
 * line (kingpin 2.4).
 */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { printable, UsageError } from '../system/index.ts';
import type { CommandLine } from './command-line.ts';
import { rewrittenLine } from './rewritten-line.ts';

const mostBytes = 4096;

/**
 * The error for a failed command line that contains such a word, with the command line after
 * replacement; null if there is none. A word counts as an argument file if it is in the place of
 * the verb or if the file exists, because a profile's name may also begin with @.
 */
export function argumentFileError(line: CommandLine, cwd: () => string): UsageError | null {
  const { verb, words, wordsBeforeVerb } = line;
  const isVerb = verb?.startsWith('@') === true;
  const word = isVerb ? verb : words.find((it) => it.startsWith('@'));
  if (word === undefined || word === null) return null;
  const found = wordsIn(resolve(cwd(), word.slice(1)));
  if (found === null && !isVerb) return null;
  const all = [
    ...words.slice(0, wordsBeforeVerb),
    ...(verb === null ? [] : [verb]),
    ...words.slice(wordsBeforeVerb),
  ];
  const meant = all.flatMap((it) => (it === word ? (found ?? []) : [it]));
  return new UsageError(
    `awsh does not read arguments from a file: ${printable(word)}`,
    found === null
      ? 'aws-vault takes each line of such a file as an argument; there is no file of this name that it could read'
      : 'aws-vault takes each line of such a file as an argument; in awsh they are in the command line itself',
    found === null ? 'awsh --help' : rewrittenLine({ ...line, verb: null, words: meant, wordsBeforeVerb: 0 }),
  );
}

/**
 * The words without empty lines and lines that begin with #. Null if this is not a small text file.
 */
function wordsIn(path: string): string[] | null {
  try {
    const stat = statSync(path);
    if (!stat.isFile() || stat.size > mostBytes) return null;
    return readFileSync(path, 'utf8')
      .split(/\r?\n/)
      .filter((text) => text !== '' && !text.startsWith('#'));
  } catch {
    return null;
  }
}
