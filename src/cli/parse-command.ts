import { parseArgs } from 'node:util';
import { nearestNames } from '../profiles/index.ts';
import { printable, shellWord, UsageError } from '../system/index.ts';
import { CommandInput, valueSeparator } from './command-input.ts';
import type { CommandLine } from './command-line.ts';
import type { ArgumentRow, CommandRow, OptionRow } from './command-row.ts';
import { type GlobalOptions, globalOptions } from './global-options.ts';
import { missingOption, missingVerb } from './not-in-awsh.ts';
import { refusedMfaToken } from './old-aws-vault-options.ts';
import { rewrittenLine, withoutOptions } from './rewritten-line.ts';

export interface ParsedCommand {
  readonly input: CommandInput;
  readonly globals: GlobalOptions;
}

/** An option's value, true for a switch, or undefined if it was not given. */
type Given = string | boolean | undefined;

/**
 * Parses a verb's words by its row of the command table. Throws a UsageError (exit 2) that names
 * what is wrong.
 */
export function parseCommand(row: CommandRow, line: CommandLine): ParsedCommand {
  const rows: readonly OptionRow[] = [...(row.options ?? []), ...globalOptions];
  const verb = row.typedAs ?? row.name;
  const fail = (what: string, why?: string, meant?: Replaced): never => {
    const next = meant === undefined ? null : correctedLine(row, line, meant);
    throw new UsageError(printable(what), why, next ?? helpOf(verb));
  };
  const values = new Map<string, Given>(rows.map(({ long }) => [long, undefined]));
  const operands: string[] = [];
  for (const token of optionTokens(line.words, rows)) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind === 'option') {
      const negated = negatedSwitch(token.rawName, rows);
      if (negated !== undefined && token.value === undefined) {
        values.set(negated.long, undefined);
        continue;
      }
      const option =
        rows.find(({ long }) => long === token.name) ?? refuseOption(token.rawName, rows, line, fail);
      const value = optionValue(option, token.value, fail);
      const refused = option.long === 'mfa-token' && refusedMfaToken(token.rawName, String(value), line);
      if (refused) throw refused;
      const before = option.repeats ? values.get(option.long) : undefined;
      values.set(option.long, before === undefined ? value : `${before}${valueSeparator}${value}`);
    }
  }
  takeNamedProfile(row, line, operands, values, fail);
  const args = new Map(
    (row.arguments ?? []).map((argument, at) => [argument.name, operand(argument, operands[at], fail)]),
  );
  // The word is not quoted, because it may be a secret that the user gave as an argument.
  if (operands.length > args.size && row.arguments?.at(-1)?.repeats !== true)
    fail(
      `${verb} takes ${['no argument', 'one argument'][args.size] ?? `${args.size} arguments`}, not ${operands.length}`,
      `it is written: ${['awsh', verb, ...args.keys()].join(' ')}`,
    );
  const input = new CommandInput(args, values, line.command, line.commandOffset, operands);
  return { input, globals: globalsOf(values) };
}

/** One of the user's words, and the word that was probably meant. */
type Replaced = readonly [word: string, meant: string];
type Fail = (what: string, why?: string, meant?: Replaced) => never;

const helpOf = (verb: string) => ['awsh', verb, '--help'].filter(Boolean).join(' ');

/**
 * The line with one word replaced. Null if the word is not there once, and if there are more
 * arguments than the verb takes, because one of them may be a secret.
 */
function correctedLine(row: CommandRow, line: CommandLine, [word, meant]: Replaced): string | null {
  if (line.words.filter((it) => it === word || it.endsWith(`=${word}`)).length !== 1) return null;
  if (hasTooManyOperands(row, line.words)) return null;
  return rewrittenLine(line, (it) => [
    it === word ? meant : it.endsWith(`=${word}`) ? it.slice(0, -word.length) + meant : it,
  ]);
}

function hasTooManyOperands(
  { arguments: known = [], options = [], ...row }: CommandRow,
  words: readonly string[],
) {
  if (row.takesCommand || known.at(-1)?.repeats === true) return false;
  const tokens = optionTokens(words, [...options, ...globalOptions]);
  return tokens.filter(({ kind }) => kind === 'positional').length > known.length;
}

/**
 * The switch that `--no-NAME` turns off, for compatibility with aws-vault (kingpin); undefined if
 * the table has an option of exactly that name.
 */
function negatedSwitch(written: string, rows: readonly OptionRow[]): OptionRow | undefined {
  const name = /^--no-(.+)$/.exec(written)?.[1];
  if (name === undefined || rows.some(({ long }) => `--${long}` === written)) return undefined;
  return rows.find(({ long, value }) => long === name && value === undefined);
}

/**
 * Uses `--profile dev` before the verb, as in the AWS CLI, as the verb's PROFILE. A verb may have
 * its own `--profile`.
 */
function takeNamedProfile(
  row: CommandRow,
  line: CommandLine,
  operands: string[],
  values: ReadonlyMap<string, Given>,
  fail: Fail,
): void {
  const profile = values.get('profile');
  if (typeof profile !== 'string' || row.options?.some(({ long }) => long === 'profile')) return;
  if (row.name !== '' && row.arguments?.[0]?.name !== 'PROFILE')
    fail(`${row.name} takes no --profile`, 'it does not work on a single profile');
  if (operands.length > 0 && operands[0] !== profile)
    throw new UsageError(
      `--profile is ${JSON.stringify(printable(profile))}, but the argument names another profile`,
      `${row.typedAs ?? row.name} uses one profile: leave out one of them`,
      rewrittenLine(withoutOptions(line, ['profile'])),
    );
  if (operands.length === 0) operands.push(profile);
}

function optionValue(option: OptionRow, value: string | undefined, fail: Fail): string | boolean {
  if (option.value === undefined) {
    return value === undefined ? true : fail(`--${option.long} takes no value`, option.summary);
  }
  if (value === undefined && option.asks) return '';
  if (value === undefined) return fail(`--${option.long} needs a value`, option.summary);
  return requireChoice(`--${option.long}`, option, value, fail);
}

function operand(argument: ArgumentRow, value: string | undefined, fail: Fail): string | undefined {
  if (value !== undefined) return requireChoice(argument.name, argument, value, fail);
  return argument.required ? fail(`${argument.name} is missing`, argument.summary) : undefined;
}

function requireChoice(
  name: string,
  { choices, synonyms, instead }: Pick<OptionRow, 'choices' | 'synonyms' | 'instead'>,
  value: string,
  fail: Fail,
): string {
  if (choices === undefined || choices.includes(value) || synonyms?.includes(value)) return value;
  const all = `it is one of: ${choices.join(', ')}`;
  const meant = instead?.(value) == null ? nearestNames(value, choices) : [];
  const why = instead?.(value) ?? (meant.length > 0 ? didYouMean(meant) : all);
  return fail(
    `${name} cannot be ${JSON.stringify(value)}`,
    why,
    meant[0] === undefined ? undefined : [value, meant[0]],
  );
}

function refuseOption(written: string, rows: readonly OptionRow[], line: CommandLine, fail: Fail): never {
  const missing = missingOption(written, line);
  if (missing !== null) throw missing;
  const near = nearestNames(
    written,
    rows.filter(({ hidden }) => !hidden).map(({ long }) => `--${long}`),
  );
  return fail(`there is no option ${written}`, didYouMean(near));
}

/**
 * The words as Node's parser splits them. An option that is not in the rows keeps its written name.
 * Node's parser has one letter for each option: a second one (aws-vault's old `-m` for `-t`) is an
 * option of its own there, whose token gets the name of the first.
 */
export function optionTokens(words: readonly string[], rows: readonly OptionRow[]) {
  const isSecond = (row: OptionRow) => rows.find(({ long }) => long === row.long) !== row;
  const nameOf = (row: OptionRow) => (isSecond(row) ? `${row.long}\0${row.short}` : row.long);
  const options = rows.map((row) => [
    nameOf(row),
    {
      type: row.value === undefined ? 'boolean' : 'string',
      ...(row.short !== undefined && { short: row.short }),
    },
  ]);
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(options) as Record<string, { type: 'boolean' | 'string' }>,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  return tokens.map((token) =>
    token.kind === 'option' ? { ...token, name: token.name.replace(/\0.*$/, '') } : token,
  );
}

/** Checks options without a verb. Throws UsageError (exit 2) for an unknown one. */
export function parseRootOptions(line: CommandLine, table: readonly CommandRow[] = []): void {
  const options = optionTokens(line.words, globalOptions).filter((token) => token.kind === 'option');
  const profile = options.find((token) => token.kind === 'option' && token.name === 'profile');
  if (profile?.kind === 'option' && profile.value !== undefined) throw profileAlone(profile.value, table);
  parseCommand({ name: '', summary: '', group: 'Setting up', codingAgents: 'free', example: '' }, line);
}

/** The error for `awsh --profile exec dev`, and for `awsh --profile dev` without a verb. */
function profileAlone(name: string, table: readonly CommandRow[]): UsageError {
  const isVerb = table.some((row) => !row.hidden && (row.name === name || row.aliases?.includes(name)));
  return isVerb
    ? new UsageError(
        '--profile needs the name of a profile',
        `${name} is a command, and awsh reads it as the name`,
        `awsh ${name} --help`,
      )
    : new UsageError(
        `there is no command with --profile ${printable(name)}`,
        '--profile names the profile for a command',
        `awsh use ${shellWord(name)}`,
      );
}

/**
 * The error (exit 2) for an unknown verb in this command line. If a profile has this name, or a
 * similar one and no verb is similar, the next command uses that profile.
 */
export function unknownCommand(
  line: CommandLine,
  verb: string,
  rows: readonly CommandRow[],
  profiles: readonly string[] = [],
): UsageError {
  // An unknown option takes no value, so what the user meant as its value looks like a verb.
  const missing =
    line.words.map((word) => missingOption(word, line)).find((error) => error !== null) ?? missingVerb(verb);
  if (missing !== null) return missing;
  const names = rows
    .filter(({ hidden }) => !hidden)
    .flatMap(({ name, aliases }) => [name, ...(aliases ?? [])]);
  const near = nearestNames(verb, names);
  const [meant = null] = profiles.includes(verb)
    ? [verb]
    : near.length > 0
      ? []
      : nearestNames(verb, profiles);
  if (meant !== null) {
    const rest = line.words.slice(line.wordsBeforeVerb).filter((word, at) => at > 0 || word !== '--');
    const words = [shellWord(meant), ...(rest.length > 0 ? ['--', ...rest.map(shellWord)] : [])];
    const next = `awsh ${rest.length > 0 ? 'exec' : 'use'} ${words.join(' ')}`;
    const why = meant === verb ? 'it is the name of a profile' : `there is a profile ${printable(meant)}`;
    return new UsageError(`there is no command ${printable(verb)}`, why, next);
  }
  const [word] = near;
  const row = rows.find(
    ({ name, aliases }) => word !== undefined && [name, ...(aliases ?? [])].includes(word),
  );
  const next =
    row === undefined
      ? 'awsh --help'
      : hasTooManyOperands(row, line.words)
        ? helpOf(row.name)
        : rewrittenLine({ ...line, verb: row.name });
  return new UsageError(`there is no command ${printable(verb)}`, didYouMean(near), next);
}

function didYouMean(near: readonly string[]): string {
  return near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'there are no similar names';
}

function globalsOf(values: ReadonlyMap<string, Given>): GlobalOptions {
  const text = (name: string) => {
    const value = values.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  return {
    backend: text('backend'),
    prompt: text('prompt'),
    keychain: text('keychain'),
    secretServiceCollection: text('secret-service-collection'),
    fileDir: text('file-dir'),
    passDir: text('pass-dir'),
    passCmd: text('pass-cmd'),
    passPrefix: text('pass-prefix'),
    debug: values.get('debug') === true,
  };
}
