import type { ArgumentRow, CommandRow, OptionRow } from './command-row.ts';

/**
 * The part of a completion file that is generated from the command table. The text around it is
 * written by hand.
 */
const begin = '# >>> made from the command table by `npm run completions` >>>';
const end = '# <<< made from the command table <<<';

/** The file's text with its generated part replaced. */
export function withRegion(file: string, region: string): string {
  const [before, rest] = cut(file, `${begin}\n`);
  const [, after] = cut(rest, end);
  return `${before}${begin}\n${region}${end}${after}`;
}

function cut(text: string, at: string): [string, string] {
  const index = text.indexOf(at);
  if (index < 0) throw new RangeError(`a completion file lacks its line ${at.trim()}`);
  return [text.slice(0, index), text.slice(index + at.length)];
}

export const visible = <T extends { readonly hidden?: boolean }>(rows: readonly T[] | undefined): T[] =>
  (rows ?? []).filter(({ hidden }) => !hidden);

/** The verbs that completion offers: those of the command table, and `help`. */
export function offeredVerbs(rows: readonly CommandRow[]): CommandRow[] {
  return [...visible(rows), help];
}

const help: CommandRow = {
  name: 'help',
  summary: 'show help for a command',
  group: 'Setting up',
  codingAgents: 'free',
  arguments: [{ name: 'COMMAND', completes: 'verb', summary: 'a command' }],
  example: 'awsh help exec',
};

/** All spellings of an option: `--long`, and `-s` if it has a short form. */
export function spellings({ long, short }: OptionRow): string[] {
  return [`--${long}`, ...(short === undefined ? [] : [`-${short}`])];
}

/** A verb's name and aliases. */
export function verbNames({ name, aliases }: CommandRow): string[] {
  return [name, ...(aliases ?? [])];
}

export type Completed = Pick<ArgumentRow | OptionRow, 'choices' | 'suggests' | 'completes'>;

/** For each pair of words before an argument, the values that may follow. */
export function afterWords(row: CommandRow): [string, readonly string[]][] {
  return (row.arguments ?? []).flatMap(({ suggestsAfter }) => Object.entries(suggestsAfter ?? {}));
}
