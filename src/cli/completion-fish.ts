import type { ArgumentRow, CommandRow, OptionRow } from './command-row.ts';
import { type Completed, offeredVerbs, spellings, verbNames, visible } from './completion-region.ts';
import { globalOptions } from './global-options.ts';
import { awsRegions } from './suggestions.ts';

const actions: Readonly<Record<string, string>> = {
  profile: '(__awsh_tab_profiles any)',
  'stored-profile': '(__awsh_tab_profiles stored)',
  region: awsRegions.join(' '),
  directory: '(__fish_complete_directories (commandline -ct) directory)',
  command: '(__fish_complete_command)',
};

/** The generated part of completions/awsh.fish: what each verb takes, and a line of `complete` (complete(1)) for each word. */
export function fishRegion(rows: readonly CommandRow[]): string {
  const verbs = offeredVerbs(rows);
  return [
    '# Sets valued to the options that take a value, arity to how many arguments the verb $argv[1] takes, and runs to whether',
    "# a command follows them. -S: these are the caller's.",
    'function __awsh_tab_shape -S',
    `    set valued ${valued(globalOptions)}`,
    '    set arity 0',
    "    set runs ''",
    '    switch $argv[1]',
    ...verbs.flatMap(shapeCase),
    '    end',
    'end',
    '',
    'complete -c awsh -e',
    'complete -c awsh -f',
    ...visible<OptionRow>(globalOptions).map((option) => optionLine('__awsh_tab_is_ours', option)),
    ...verbs.flatMap((row) =>
      verbNames(row).map((name) => complete("__awsh_tab_is ''", `-a ${name} -d ${quoted(row.summary)}`)),
    ),
    ...verbs.flatMap((row) => verbLines(row, verbs)),
    '',
  ].join('\n');
}

function shapeCase(row: CommandRow): string[] {
  const lines = [
    valued(row.options ?? []) === '' ? null : `set -a valued ${valued(row.options ?? [])}`,
    row.arguments === undefined ? null : `set arity ${row.arguments.length}`,
    row.takesCommand ? 'set runs yes' : null,
  ].filter((line) => line !== null);
  if (lines.length === 0) return [];
  return [`        case ${verbNames(row).join(' ')}`, ...lines.map((line) => `            ${line}`)];
}

function verbLines(row: CommandRow, verbs: readonly CommandRow[]): string[] {
  const names = verbNames(row).join(' ');
  const options = visible(row.options).map((option) => optionLine(`__awsh_tab_is ${names}`, option));
  const args = (row.arguments ?? []).flatMap((argument, at) => argumentLines(argument, at, names, verbs));
  const command = row.takesCommand
    ? [complete(`__awsh_tab_argument ${row.arguments?.length ?? 0} ${names}`, "-a -- -d 'a command follows'")]
    : [];
  return [...options, ...args, ...command];
}

function optionLine(condition: string, option: OptionRow): string {
  const short = option.short === undefined ? '' : `-s ${option.short} `;
  const value = option.value === undefined ? '' : ` ${valueWords(option)}`;
  return complete(condition, `${short}-l ${option.long}${value} -d ${quoted(option.summary)}`);
}

/** That a value follows, and what it may be; -x: no files. */
function valueWords(option: OptionRow): string {
  if (option.completes === 'file') return '-r -F';
  const words = offered(option);
  return words === null ? '-x' : `-x -a ${quoted(words)}`;
}

function argumentLines(
  argument: ArgumentRow,
  at: number,
  names: string,
  verbs: readonly CommandRow[],
): string[] {
  const condition = argument.repeats ? `__awsh_tab_is ${names}` : `__awsh_tab_argument ${at} ${names}`;
  if (argument.completes === 'verb') {
    return verbs.map((row) => complete(condition, `-a ${row.name} -d ${quoted(row.summary)}`));
  }
  const words = offered(argument);
  return words === null ? [] : [complete(condition, `-a ${quoted(words)}`)];
}

function offered({ choices, suggests, completes }: Completed): string | null {
  return (choices ?? suggests)?.join(' ') ?? actions[completes ?? 'none'] ?? null;
}

function valued(options: readonly OptionRow[]): string {
  return options
    .filter(({ value }) => value !== undefined)
    .flatMap(spellings)
    .join(' ');
}

function complete(condition: string, rest: string): string {
  return `complete -c awsh -n ${quoted(condition)} ${rest}`;
}

function quoted(text: string): string {
  return /^[\w-]+$/.test(text) ? text : `'${text.replace(/['\\]/g, '\\$&')}'`;
}
