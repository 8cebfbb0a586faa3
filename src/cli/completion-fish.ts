import type { ArgumentRow, CommandRow, OptionRow } from './command-row.ts';
import { type Completed, offeredVerbs, spellings, verbNames, visible } from './completion-region.ts';
import { globalOptions } from './global-options.ts';
import { awsRegions } from './suggestions.ts';

/** The text that fish expands for an option's value. */
const actions: Readonly<Record<string, string>> = {
  profile: '(__awsh_tab_print any)',
  'stored-profile': '(__awsh_tab_print stored)',
  region: awsRegions.join(' '),
  directory: '(__fish_complete_directories (commandline -ct) directory)',
  command: '(__fish_complete_command)',
};

/** The command that sets __awsh_tab_offered to the possible values of an argument. */
const offers: Readonly<Record<string, string>> = {
  profile: '__awsh_tab_profiles any (commandline -ct)',
  'stored-profile': '__awsh_tab_profiles stored (commandline -ct)',
  verb: '__awsh_tab_offer help verbs',
  directory: 'set -g __awsh_tab_offered (__fish_complete_directories (commandline -ct) directory)',
};

/**
 * The generated part of completions/awsh.fish: each verb's options, the possible values of its
 * arguments, and a `complete` line (complete(1)) for each option.
 */
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
    '# Sets __awsh_tab_offered to what can follow the verb $argv[1], or be it where it is empty, and $argv[2] arguments of it.',
    'function __awsh_tab_offer',
    '    switch "$argv"',
    "        case ' 0'",
    `            ${offerVerbs(verbs, verbNames)}`,
    "        case 'help verbs'",
    `            ${offerVerbs(verbs, (row) => [row.name])}`,
    ...verbs.flatMap(argumentCases),
    '    end',
    'end',
    '',
    'complete -c awsh -e',
    'complete -c awsh -f',
    ...visible<OptionRow>(globalOptions).map((option) => optionLine('__awsh_tab_is_ours', option)),
    ...verbs.flatMap((row) =>
      visible(row.options).map((option) => optionLine(`__awsh_tab_is ${verbNames(row).join(' ')}`, option)),
    ),
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

/** A `set` command with one word for each verb, followed by a tab and its summary. */
function offerVerbs(verbs: readonly CommandRow[], names: (row: CommandRow) => readonly string[]): string {
  const words = verbs.flatMap((row) => names(row).map((name) => `${name}\\t${quoted(row.summary)}`));
  return `set -g __awsh_tab_offered ${words.join(' ')}`;
}

function argumentCases(row: CommandRow): string[] {
  const args = row.arguments ?? [];
  const cases = args.map((argument, at) => [argument.repeats ? '*' : at, offer(argument)] as const);
  if (row.takesCommand) cases.push([args.length, ["set -g __awsh_tab_offered --\\t'a command follows'"]]);
  return cases.flatMap(([at, does]) =>
    does === null
      ? []
      : [
          `        case ${verbNames(row)
            .map((name) => `'${name} ${at}'`)
            .join(' ')}`,
          ...does.map((line) => `            ${line}`),
        ],
  );
}

function offer({ choices, suggests, suggestsAfter, completes }: ArgumentRow): string[] | null {
  if (suggestsAfter) return offerAfter(suggestsAfter);
  const words = choices ?? suggests;
  const line = words ? `set -g __awsh_tab_offered ${words.join(' ')}` : offers[completes ?? 'none'];
  return line === undefined ? null : [line];
}

/** Completions that depend on the two words before. */
function offerAfter(words: NonNullable<ArgumentRow['suggestsAfter']>): string[] {
  return [
    'switch "$__awsh_tab_words[-2..-1]"',
    ...Object.entries(words).flatMap(([before, each]) => [
      `    case '${before}'`,
      `        set -g __awsh_tab_offered ${each.join(' ')}`,
    ]),
    'end',
  ];
}

function optionLine(condition: string, option: OptionRow): string {
  const short = option.short === undefined ? '' : `-s ${option.short} `;
  const value = option.value === undefined ? '' : ` ${valueWords(option)}`;
  return complete(condition, `${short}-l ${option.long}${value} -d ${quoted(option.summary)}`);
}

/** The flags for an option that takes a value, and its possible values; -x means no files. */
function valueWords(option: OptionRow): string {
  if (option.completes === 'file') return '-r -F';
  const words = offered(option);
  return words === null ? '-x' : `-x -a ${quoted(words)}`;
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
