import type { ArgumentRow, CommandRow, OptionRow } from './command-row.ts';
import {
  afterWords,
  type Completed,
  offeredVerbs,
  spellings,
  verbNames,
  visible,
} from './completion-region.ts';
import { globalOptions } from './global-options.ts';
import { awsRegions } from './suggestions.ts';

/**
 * The generated part of completions/awsh.bash. Values are written as `:KIND` or as choices
 * separated by commas. All words come from the command table, so splitting them at spaces is safe.
 */
export function bashRegion(rows: readonly CommandRow[]): string {
  const verbs = offeredVerbs(rows);
  return [
    `__awsh_tab_verbs='${verbs.flatMap(verbNames).join(' ')}'`,
    `__awsh_tab_options='${optionWords(visible<OptionRow>(globalOptions))}'`,
    `__awsh_tab_values='${valueWords(globalOptions)}'`,
    `__awsh_tab_regions='${awsRegions.join(' ')}'`,
    '',
    '# Sets what the verb $1 takes: its options, those of them with a value, its arguments (the last with dots where it',
    '# repeats), and whether a command follows.',
    '__awsh_tab_verb() {',
    "  _a_options='' _a_values='' _a_arguments='' _a_command=''",
    '  case $1 in',
    ...verbs.flatMap(verbCase),
    '    *) return 1 ;;',
    '  esac',
    '}',
    '',
    '# Sets _a_kind to what the word is where that depends on the verb and the two words before it, $1.',
    '__awsh_tab_after() {',
    '  case $1 in',
    ...verbs.flatMap(afterCases),
    "    *) _a_kind='' ;;",
    '  esac',
    '}',
    '',
    '# Sets _a_text to what the word $2 after the verb $1 is about: a verb, where there is none before it, or an option.',
    '__awsh_tab_text() {',
    '  case "$1 $2" in',
    ...textCases(verbs),
    "    *) _a_text='' ;;",
    '  esac',
    '}',
    '',
  ].join('\n');
}

function verbCase(row: CommandRow): string[] {
  const options = visible(row.options);
  const values = valueWords(row.options ?? []);
  const args = (row.arguments ?? []).map(argumentWord).join(' ');
  const lines = [
    options.length > 0 ? `_a_options='${optionWords(options)}'` : null,
    values === '' ? null : `_a_values='${values}'`,
    args === '' ? null : `_a_arguments='${args}'`,
    row.takesCommand ? "_a_command='yes'" : null,
  ].filter((line) => line !== null);
  return [
    `    ${verbNames(row).join(' | ')})`,
    ...(lines.length > 0 ? lines : [':']).map((line) => `      ${line}`),
    '      ;;',
  ];
}

function afterCases(row: CommandRow): string[] {
  return afterWords(row).map(
    ([before, words]) =>
      `    ${verbNames(row)
        .map((name) => quoted(`${name} ${before}`))
        .join(' | ')}) _a_kind='${words.join(',')}' ;;`,
  );
}

/** One `case` line for each text, with all the words that it describes. */
function textCases(verbs: readonly CommandRow[]): string[] {
  const words = new Map<string, string[]>();
  const add = (text: string, word: string) => words.set(text, [...(words.get(text) ?? []), word]);
  for (const row of verbs) {
    for (const name of verbNames(row)) add(row.summary, quoted(` ${name}`));
    for (const option of visible(row.options)) {
      for (const verb of verbNames(row))
        for (const word of spellings(option)) add(option.summary, quoted(`${verb} ${word}`));
    }
  }
  for (const option of visible<OptionRow>(globalOptions)) {
    for (const word of spellings(option)) add(option.summary, `*${quoted(` ${word}`)}`);
  }
  return [...words].map(([text, each]) => `    ${each.join(' | ')}) _a_text=${quoted(text)} ;;`);
}

function optionWords(options: readonly OptionRow[]): string {
  return options.flatMap(spellings).join(' ');
}

function valueWords(options: readonly OptionRow[]): string {
  return options
    .filter(({ value }) => value !== undefined)
    .flatMap((option) => spellings(option).map((word) => `${word}=${completed(option)}`))
    .join(' ');
}

function argumentWord(argument: ArgumentRow): string {
  return `${argument.suggestsAfter ? ':after' : completed(argument)}${argument.repeats ? '...' : ''}`;
}

function completed({ choices, suggests, completes }: Completed): string {
  return (choices ?? suggests)?.join(',') ?? `:${completes ?? 'none'}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
