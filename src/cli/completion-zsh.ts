import type { ArgumentRow, CommandRow, OptionRow } from './command-row.ts';
import { type Completed, spellings, verbNames, visible } from './completion-region.ts';
import { globalOptions } from './global-options.ts';

const actions: Readonly<Record<string, string>> = {
  profile: '_awsh_profiles',
  'stored-profile': '_awsh_stored_profiles',
  region: '_awsh_regions',
  directory: '_directories',
  file: '_files',
  command: '_command_names -e',
  none: ' ',
};

/** The generated part of completions/_awsh: what _describe and _arguments (zshcompsys(1)) are given. */
export function zshRegion(rows: readonly CommandRow[]): string {
  const shown = visible(rows);
  return [
    '_awsh_verbs() {',
    '  local -a verbs',
    '  verbs=(',
    ...shown.flatMap((row) => verbNames(row).map((name) => `    ${quote(`${name}:${row.summary}`)}`)),
    '  )',
    "  _describe -t commands 'awsh command' verbs",
    '}',
    '',
    '# Sets the specs of the options that every verb takes, and of the verb $1.',
    '_awsh_specs() {',
    '  globals=(',
    ...globalOptions.map(optionSpec),
    '  )',
    '  specs=()',
    '  case $1 in',
    ...shown.flatMap(verbCase),
    '  esac',
    '}',
    '',
  ].join('\n');
}

function verbCase(row: CommandRow): string[] {
  const options = visible(row.options).map(optionSpec);
  const args = (row.arguments ?? []).map(argumentSpec);
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
  const value = option.value === undefined ? '' : `:${option.value}:${action(option)}`;
  const text = `[${escapeBrackets(option.summary)}]${value}`;
  if (names.length === 1) return `    ${quote(`${names[0]}${text}`)}`;
  return `    ${quote(`(${names.join(' ')})`)}{${names.join(',')}}${quote(text)}`;
}

function argumentSpec(argument: ArgumentRow): string {
  return `    ${quote(`${argument.required ? ':' : '::'}${argument.name}:${action(argument)}`)}`;
}

function action({ choices, completes }: Completed): string {
  return choices ? `(${choices.join(' ')})` : (actions[completes ?? 'none'] ?? ' ');
}

function escapeBrackets(text: string): string {
  return text.replace(/[[\]\\]/g, '\\$&');
}

/** In single quotes, whatever options the shell has: rcquotes would take a doubled quote for one. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
