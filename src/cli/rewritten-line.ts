/** Turns a failed command line into one that can be pasted. */
import { printable, quotePosix } from '../system/index.ts';
import type { CommandLine } from './command-line.ts';
import type { OptionRow } from './command-row.ts';
import { globalOptions } from './global-options.ts';

/**
 * The command line as it can be pasted into a shell, with awsh's own words changed. The command
 * that follows is kept unless it is long or contains line breaks.
 */
export function rewrittenLine(
  { words, wordsBeforeVerb, verb, row, command }: CommandLine,
  change: (word: string) => readonly string[] = (word) => [word],
): string {
  const before = words.slice(0, wordsBeforeVerb).flatMap(change);
  const after = words.slice(wordsBeforeVerb).flatMap(change);
  const own = shellWords(['awsh', ...before, ...(verb === null ? [] : [row?.typedAs ?? verb]), ...after]);
  const rest = command === null ? '' : shellWords(['--', ...command]);
  const isShown = rest.length <= 200 && command?.every((word) => printable(word) === word);
  return isShown ? `${own} ${rest}` : own;
}

function shellWords(words: readonly string[]): string {
  return words.map((word) => quotePosix(printable(word))).join(' ');
}

/**
 * The line without these options (long names), in every form that the parser accepts: `--long`,
 * `--long=value`, `--no-long`, `-s`, `-svalue`, and a letter in a group.
 */
export function withoutOptions(line: CommandLine, names: readonly string[]): CommandLine {
  const options = [...(line.row?.options ?? []), ...globalOptions];
  const before = keptWords(line.words.slice(0, line.wordsBeforeVerb), options, names);
  const after = keptWords(line.words.slice(line.wordsBeforeVerb), options, names);
  return { ...line, words: [...before, ...after], wordsBeforeVerb: before.length };
}

/** The line with one more option after the verb, replacing the same option if it is given. */
export function withOption(line: CommandLine, name: string, ...value: readonly string[]): CommandLine {
  const bare = withoutOptions(line, [name]);
  const at = bare.wordsBeforeVerb;
  const words = [...bare.words.slice(0, at), `--${name}`, ...value, ...bare.words.slice(at)];
  return { ...bare, words };
}

function keptWords(
  words: readonly string[],
  options: readonly OptionRow[],
  names: readonly string[],
): string[] {
  const kept: string[] = [];
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') return [...kept, word, ...rest];
    const isOption = word.startsWith('-') && word !== '-';
    const { left, takesNext } = !isOption
      ? { left: word, takesNext: null }
      : word.startsWith('--')
        ? keptLong(word, options, names)
        : keptCluster(word, options, names);
    if (left !== null) kept.push(left);
    if (takesNext === null) continue;
    const value = rest.shift();
    if (takesNext === 'kept' && value !== undefined) kept.push(value);
  }
  return kept;
}

/** What is left of a word, and what to do with the next word if that is its value. */
interface KeptWord {
  readonly left: string | null;
  readonly takesNext: 'kept' | 'dropped' | null;
}

function keptLong(word: string, options: readonly OptionRow[], names: readonly string[]): KeptWord {
  const [name = ''] = word.slice(2).split('=');
  const option = options.find(({ long }) => long === name);
  const takesValue = option?.value !== undefined && !word.includes('=');
  if (names.includes(name)) return { left: null, takesNext: takesValue ? 'dropped' : null };
  if (option === undefined && names.includes(name.replace(/^no-/, '')))
    return { left: null, takesNext: null };
  return { left: word, takesNext: takesValue ? 'kept' : null };
}

/** The first letter that takes a value takes the rest of the word, or the next word. */
function keptCluster(word: string, options: readonly OptionRow[], names: readonly string[]): KeptWord {
  let left = '-';
  const leftWord = () => (left === '-' ? null : left);
  for (let at = 1; at < word.length; at++) {
    const letter = word.charAt(at);
    const option = options.find(({ short }) => short === letter);
    const isDropped = option !== undefined && names.includes(option.long);
    const value = word.slice(at + 1);
    if (option?.value === undefined) left += isDropped ? '' : letter;
    else if (isDropped) return { left: leftWord(), takesNext: value === '' ? 'dropped' : null };
    else return { left: left + letter + value, takesNext: value === '' ? 'kept' : null };
  }
  return { left: leftWord(), takesNext: null };
}
