import { fixedVariables, passedVariables, placeNames, sentVariables } from './fixed-environment.ts';
import {
  blockingVariables,
  claimableVariables,
  clearedVariables,
  heldVariables,
  identityVariables,
  managedVariables,
  secretVariables,
  settableVariables,
  themeVariables,
  toldVariables,
  usualVariables,
} from './managed-variables.ts';
import { stateLine } from './state-line.ts';
import { blockingStatuses } from './wire-format.ts';

/*
 * The lists of variables and the checks that the launcher, the hooks and fish's helper share with
 * Node, in the syntax of each shell: the texts of marked regions (hook-files.ts).
 */

type ListWriter = (name: string, names: readonly string[]) => string;

export const arrayList: ListWriter = (name, names) =>
  `${name}=(\n${linesOf(names)
    .map((line) => `  ${line}\n`)
    .join('')})\n`;
export const fishList: ListWriter = (name, names) => `set -g ${name} ${linesOf(names).join(' \\\n    ')}\n`;

/** The names in one text, each between spaces, because ^C while bash fills an array is not safe. */
export const wordList: ListWriter = (name, names) => `${name}=" ${linesOf(names).join(' \\\n')} "\n`;

function linesOf(names: readonly string[]): string[] {
  const lines = [''];
  for (const name of names) {
    const last = lines.at(-1) ?? '';
    if (last.length + name.length > 90) lines.push(name);
    else lines[lines.length - 1] = last === '' ? name : `${last} ${name}`;
  }
  return lines;
}

export function fixableList(write: ListWriter): string {
  return [
    '# Fixed when the hook is sourced (src/shell/fixed-environment.ts).\n',
    write('__awsh_fixable', fixedVariables),
  ].join('');
}

export function requestLists(write: ListWriter): string {
  return [
    '# The fixed variables that a request contains, and those that are passed on with their current\n',
    '# values (src/shell/fixed-environment.ts).\n',
    write('__awsh_sendable', sentVariables),
    write('__awsh_passable', passedVariables),
  ].join('');
}

export function claimableList(write: ListWriter): string {
  return [
    '# What another tool may claim (src/shell/managed-variables.ts). Each is known by its place in the list.\n',
    write('__awsh_claimable', claimableVariables),
  ].join('');
}

const replacedComment = [
  '# A load replaces all of these and each AWS_ENDPOINT_URL_*: access keys are never exported together\n',
  '# with a session token or an endpoint from elsewhere.\n',
];

/** The variables that a load may set, and those that it replaces. */
export function managedLists(write: ListWriter): string {
  return [
    '# The variables that a reply with credentials may set. AWS_ENDPOINT_URL_* may be set too.\n',
    write('__awsh_settable', settableVariables),
    ...replacedComment,
    write('__awsh_replaced', [...identityVariables, ...clearedVariables]),
    '# Never written into AWSH_SAVED.\n',
    write('__awsh_secret', [...secretVariables]),
    '# The variables of a blocked shell. A reply without credentials may set these and no others.\n',
    write('__awsh_blocking', blockingVariables),
  ].join('');
}

/**
 * The same for bash, where each additional variable makes a cd slower, so functions are used where
 * possible.
 */
export function managedInBash(): string {
  return [
    ...replacedComment,
    wordList('__awsh_cleared', [...identityVariables, ...clearedVariables]),
    '\n# The variables that a reply with credentials may set, each between spaces. AWS_ENDPOINT_URL_* may\n# be set too.\n',
    wordList('__awsh_settable', settableVariables),
    '\n# Succeeds if $1 is a variable that awsh manages.\n',
    '__awsh_managed() {\n  case $1 in\n    AWS_ENDPOINT_URL_*[!A-Z0-9_]*) return 1 ;;\n',
    ...caseOf(managedVariables),
    '    AWS_ENDPOINT_URL_?*) ;;\n    *) return 1 ;;\n  esac\n}\n',
    '\n# Succeeds if the value of the variable $1 must never be written into AWSH_SAVED.\n',
    '__awsh_secret() {\n  case $1 in\n',
    ...caseOf([...secretVariables]),
    '    *) return 1 ;;\n  esac\n}\n',
    '\n# Succeeds if most loads set the variable $1.\n',
    '__awsh_usual() {\n  case $1 in\n',
    ...caseOf(usualVariables),
    '    *) return 1 ;;\n  esac\n}\n',
  ].join('');
}

/** The lines of a case statement that do nothing for these names, indented by `indent`. */
function caseOf(names: readonly string[], indent = '    '): string[] {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + name.length <= 100) {
      lines[lines.length - 1] = `${last} | ${name}`;
    } else lines.push(`${indent}${name}`);
  }
  return lines.map((line) => `${line}) ;;\n`);
}

/** The present values of everything that awsh sets; for a session's secrets only the ends. */
function valuesNow(names: readonly string[]): string {
  const isSecret = (name: string) => secretVariables.has(name);
  return [
    ...names.filter((name) => !isSecret(name)).map((name) => `$${name}`),
    ...names.filter(isSecret).map((name) => `\${${name}: -6}`),
  ].join('\\ ');
}

export const usualValues = [`__awsh_there=${valuesNow(usualVariables)}`];
export const blockedValues = [`__awsh_there=${valuesNow(blockingVariables)}`];
export const allValues = [`__awsh_there=${valuesNow(heldVariables)}`];

/** The variables that do not begin with the usual prefix. */
export const otherNames = `for _a_name in ${linesOf(
  managedVariables.filter((name) => !name.startsWith('AWS_')).map((name) => `\${${name}+${name}}`),
).join(' \\\n  ')}; do`.split('\n');

export const eachSecretInBash = [`for _a_name in ${[...secretVariables].join(' ')}; do`];
export const eachThemeInShell = (variable: string) => [`for ${variable} in ${themeVariables.join(' ')}; do`];
export const eachThemeInFish = [`for name in ${themeVariables.join(' ')}`];

export const blockingInBash = [`_a_may=' ${blockingVariables.join(' ')} '`];

/** What a load or a blocked shell sets for any profile, and what awsh passes to child shells. */
const inherited = [...new Set([...identityVariables, 'AWS_PROFILE', 'AWS_EC2_METADATA_DISABLED'])];
const records = ['AWSH_LOADED', 'AWSH_SAVED', 'AWSH_SEGMENT'];
const continued = (before: string, names: readonly string[], step: string) =>
  `${before}${linesOf(names).join(` \\\n${step}`)}`.split('\n');

export const dropInherited = continued('builtin unset -v ', [...inherited, ...records], '  ');
export const dropInheritedInFish = continued('for name in ', [...inherited, ...records], '    ');
const lone = [...identityVariables, 'AWSH_LOADED', 'AWSH_SEGMENT'];
export const dropIdentityInBash = continued(
  'builtin unset -v ',
  [...lone, '"${' + '!AWS_ENDPOINT_URL_@}"'],
  '  ',
);
export const dropIdentityInZsh = arrayList('names', [...lone, '${(k)parameters[(I)AWS_ENDPOINT_URL_*]}'])
  .trimEnd()
  .split('\n');
export const dropIdentityInFish = continued(
  'for name in ',
  [...lone, "(set --names -x | string match 'AWS_ENDPOINT_URL_*')"],
  '    ',
);

/** The replies after which the shell is blocked. */
export const blockingCase = [`${blockingStatuses.join(' | ')})`];
export const blockingCaseInFish = [`case ${blockingStatuses.join(' ')}`];

interface LineReader {
  /** The prefix of the variables' names. */
  readonly prefix: string;
  /** The command that reads, and its input. */
  readonly read: string;
  readonly from: string;
  /** What is done if there is no such line. */
  readonly otherwise: string;
}

const { largestPort, pidDigits, versionCharacters, versionLength, tokenLength } = stateLine;
const lengths = `${tokenLength}${tokenLength}`;

/**
 * Reads and checks the line of the agent's state file. Nothing is used in arithmetic before it is
 * known to be digits.
 */
export function stateLineInBash({ prefix, read, from, otherwise }: LineReader): string[] {
  const name = (word: string) => `${prefix}${word}`;
  const value = (word: string) => `$${name(word)}`;
  const length = (word: string) => `\${#${name(word)}}`;
  const words = ['port', 'pid', 'version', 'token', 'proof', 'more'].map(name).join(' ');
  return [
    `${read} ${words} ${from} || ${otherwise}`,
    `[[ ${value('port')}${value('pid')} != *[!0-9]* && ${value('port')} == [1-9]* && ${value('pid')} == [1-9]* &&`,
    `  ${length('port')} -le 5 && ${value('port')} -le ${largestPort} && ${length('pid')} -le ${pidDigits} && ! ${value('more')} &&`,
    `  ${value('version')} && ${value('version')} != *[!${versionCharacters}]* && ${length('version')} -le ${versionLength} &&`,
    `  ${length('token')}${length('proof')} == ${lengths} && ${value('token')}${value('proof')} != *[!0-9a-f]* ]] || ${otherwise}`,
  ];
}

export const stateLineInZsh = [
  "[[ $line == *$'\\n' ]] || return",
  'part=("${(@s: :)line%$\'\\n\'}")',
  'port=$part[1] token=$part[4] proof=$part[5]',
  `[[ $#part == 5 && $port == [1-9]* && $#port -le 5 && $port == <1-${largestPort}> &&`,
  `  $part[2] == [1-9]* && $part[2] != *[^0-9]* && \${#part[2]} -le ${pidDigits} &&`,
  `  -n $part[3] && $part[3] != *[^${versionCharacters}]* && \${#part[3]} -le ${versionLength} &&`,
  `  $#token$#proof == ${lengths} && "$token$proof" != *[^0-9a-f]* ]] || return`,
];

const part = '([0-9]{1,4})';
const versionPattern = `^${part}\\.${part}\\.${part}(-?)[^\\ ]*\\ ${part}\\.${part}\\.${part}(-?)`;

/** Compares the numbers of two versions; a pre-release is older than its release. */
export function versionsInBash(
  own: string,
  other: string,
  comparison: '>' | '<=',
): [match: string, compare: string] {
  const number = (at: number) =>
    `2 * (10#\${BASH_REMATCH[${at}]} * 100000000 + 10#\${BASH_REMATCH[${at + 1}]} * 10000 + 10#\${BASH_REMATCH[${at + 2}]}) - \${#BASH_REMATCH[${at + 3}]}`;
  return [`"${own} ${other}" =~ ${versionPattern}`, `((${number(1)} ${comparison} \\\n${number(5)}))`];
}

/**
 * The line that the launcher sends to the agent, in the order of placeNames; proxies are handled
 * separately, because one may contain a password.
 */
export function placeInLauncher(): string[] {
  // Shellcheck takes a lower-case name for one of this script's.
  const value = (name: string) => (name === name.toLowerCase() ? `\${${name}-}` : `$${name}`);
  const isProxy = (name: string) => /_proxy$/i.test(name);
  const values = (names: readonly string[]) => names.map(value).join('|');
  return [
    `awsh_proxies="${values(placeNames.filter(isProxy))}"`,
    `awsh_place="${values(placeNames.filter((name) => !isProxy(name)))}|$awsh_proxies"`,
  ];
}

/** The variables whose values the launcher sends to the agent. */
export const toldInLauncher = caseOf(toldVariables, '').join('').trimEnd().split('\n');
