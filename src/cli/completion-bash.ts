import type { CommandRow, OptionRow } from './command-row.ts';
import { type Completed, spellings, verbNames, visible } from './completion-region.ts';
import { globalOptions } from './global-options.ts';

/**
 * The generated part of completions/awsh.bash. What a word may be is written `:KIND`, or as the choices with commas; all
 * of it comes from the table, so that plain splitting at spaces is safe.
 */
export function bashRegion(rows: readonly CommandRow[]): string {
  const shown = visible(rows);
  return [
    `__awsh_tab_verbs='${shown.flatMap(verbNames).join(' ')}'`,
    `__awsh_tab_options='${optionWords(globalOptions)}'`,
    `__awsh_tab_values='${valueWords(globalOptions)}'`,
    '',
    '# Sets what the verb $1 takes: its options, those of them with a value, its arguments, and whether a command follows.',
    '__awsh_tab_verb() {',
    "  _a_options='' _a_values='' _a_arguments='' _a_command=''",
    '  case $1 in',
    ...shown.flatMap(verbCase),
    '    *) return 1 ;;',
    '  esac',
    '}',
    '',
  ].join('\n');
}

function verbCase(row: CommandRow): string[] {
  const options = visible(row.options);
  const values = valueWords(row.options ?? []);
  const args = (row.arguments ?? []).map(completed).join(' ');
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

function optionWords(options: readonly OptionRow[]): string {
  return options.flatMap(spellings).join(' ');
}

function valueWords(options: readonly OptionRow[]): string {
  return options
    .filter(({ value }) => value !== undefined)
    .flatMap((option) => spellings(option).map((word) => `${word}=${completed(option)}`))
    .join(' ');
}

function completed({ choices, completes }: Completed): string {
  return choices ? choices.join(',') : `:${completes ?? 'none'}`;
}
