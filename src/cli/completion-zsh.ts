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

const actions: Readonly<Record<string, string>> = {
  profile: '_awsh_profiles',
  'stored-profile': '_awsh_stored_profiles',
  region: '_awsh_regions',
  directory: '_directories',
  file: '_files',
  command: '_command_names -e',
  verb: '_awsh_verbs',
  none: ' ',
};

/**
 * The generated part of completions/_awsh: the arguments for _describe and _arguments
 * (zshcompsys(1)).
 */
export function zshRegion(rows: readonly CommandRow[]): string {
  const verbs = offeredVerbs(rows);
  return [
    '_awsh_verbs() {',
    '  local -a verbs',
    '  verbs=(',
    ...verbs.flatMap((row) => verbNames(row).map((name) => `    ${quote(`${name}:${row.summary}`)}`)),
    '  )',
    "  _describe -t commands 'awsh command' verbs",
    '}',
    '',
    '_awsh_regions() {',
    '  local -a regions expl',
    `  regions=(${awsRegions.join(' ')})`,
    "  _wanted regions expl 'AWS region' compadd -a regions",
    '}',
    '',
    '# What the word may be where that depends on the verb and the two words before it.',
    '_awsh_after() {',
    '  local -a values expl',
    '  case "$1 $words[CURRENT-2] $words[CURRENT-1]" in',
    ...verbs.flatMap(afterCases),
    '  esac',
    '  _wanted values expl value compadd -a values',
    '}',
    '',
    '# Sets the specs of the options that every verb takes, and of the verb $1.',
    '_awsh_specs() {',
    '  globals=(',
    ...visible<OptionRow>(globalOptions).map(optionSpec),
    '  )',
    '  specs=()',
    '  case $1 in',
    ...verbs.flatMap(verbCase),
    '  esac',
    '}',
    '',
  ].join('\n');
}

function verbCase(row: CommandRow): string[] {
  const options = visible(row.options).map(optionSpec);
  const args = (row.arguments ?? []).map((argument) => argumentSpec(row, argument));
  if (options.length + args.length === 0) return [];
  return [
    `    (${verbNames(row).join('|')})`,
    '      specs=(',
    ...[...options, ...args].map((line) => `    ${line}`),
    '      )',
    '      ;;',
  ];
}

function optionSpec(option: OptionRow): string {
  const names = spellings(option);
  const takesValue = option.value !== undefined;
  // `--long=VALUE` and `-sVALUE`, or the value as the next word.
  const forms = names.map((name) => (takesValue ? name + (name.startsWith('--') ? '=' : '+') : name));
  const value = takesValue ? `:${option.value}:${action(option)}` : '';
  const text = `[${escapeBrackets(option.summary)}]${value}`;
  if (names.length === 1) return `    ${quote(`${forms[0]}${text}`)}`;
  return `    ${quote(`(${names.join(' ')})`)}{${forms.join(',')}}${quote(text)}`;
}

function afterCases(row: CommandRow): string[] {
  return afterWords(row).map(
    ([before, words]) => `    (${quote(`${row.name} ${before}`)}) values=(${words.join(' ')}) ;;`,
  );
}

function argumentSpec(row: CommandRow, argument: ArgumentRow): string {
  const before = argument.repeats ? '*:' : argument.required ? ':' : '::';
  return `    ${quote(`${before}${argument.name}:${argument.suggestsAfter ? ` _awsh_after ${row.name}` : action(argument)}`)}`;
}

function action({ choices, suggests, completes }: Completed): string {
  const words = choices ?? suggests;
  return words ? `(${words.join(' ')})` : (actions[completes ?? 'none'] ?? ' ');
}

function escapeBrackets(text: string): string {
  return text.replace(/[[\]\\]/g, '\\$&');
}

/**
 * In single quotes, safe under all shell options: with rcquotes, a doubled quote would mean a
 * quote.
 */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
