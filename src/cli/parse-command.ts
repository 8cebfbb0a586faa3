import { nearestNames } from '../profiles/index.ts';
import { printable, UsageError } from '../system/index.ts';
import { CommandInput } from './command-input.ts';
import type { CommandLine } from './command-line.ts';
import type { ArgumentRow, CommandRow, OptionRow } from './command-row.ts';
import { type GlobalOptions, globalOptions } from './global-options.ts';
import { missingOption, missingVerb } from './not-in-awsh.ts';
import { optionTokens } from './option-tokens.ts';

export interface ParsedCommand {
  readonly input: CommandInput;
  readonly globals: GlobalOptions;
}

/** An option's value, or that it was given; undefined where it was not. */
type Given = string | boolean | undefined;

/** Parses a verb's words by its row; a UsageError (exit 2) says what is wrong with them. */
export function parseCommand(row: CommandRow, line: CommandLine): ParsedCommand {
  const rows = [...(row.options ?? []), ...globalOptions];
  const fail = (what: string, why?: string): never => {
    throw new UsageError(printable(what), why, `awsh ${row.name} --help`);
  };
  const values = new Map<string, Given>(rows.map(({ long }) => [long, undefined]));
  const operands: string[] = [];
  for (const token of optionTokens(line.words, rows)) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind === 'option') {
      const option = rows.find(({ long }) => long === token.name) ?? refuseOption(token.rawName, rows, fail);
      values.set(option.long, optionValue(option, token.value, fail));
    }
  }
  const args = new Map(
    (row.arguments ?? []).map((argument, at) => [argument.name, operand(argument, operands[at], fail)]),
  );
  // Not quoted: it may be a secret that somebody took for an argument.
  if (operands.length > args.size && row.arguments?.at(-1)?.repeats !== true)
    fail(`${row.name} takes ${['no argument', 'one argument'][args.size]}, not ${operands.length}`);
  const input = new CommandInput(args, values, line.command, line.commandOffset, operands);
  return { input, globals: globalsOf(values) };
}

type Fail = (what: string, why?: string) => never;

function optionValue(option: OptionRow, value: string | undefined, fail: Fail): string | boolean {
  if (option.value === undefined) {
    return value === undefined ? true : fail(`--${option.long} takes no value`);
  }
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
  const why = instead?.(value) ?? `it is one of: ${choices.join(', ')}`;
  return fail(`${name} cannot be ${JSON.stringify(value)}`, why);
}

function refuseOption(written: string, rows: readonly OptionRow[], fail: Fail): never {
  const missing = missingOption(written);
  if (missing !== null) throw missing;
  const near = nearestNames(
    written,
    rows.filter(({ hidden }) => !hidden).map(({ long }) => `--${long}`),
  );
  return fail(`there is no option ${written}`, didYouMean(near));
}

/** The error for a verb that there is not, in this command line: exit 2. */
export function unknownCommand(line: CommandLine, verb: string, rows: readonly CommandRow[]): UsageError {
  // An option that awsh does not know takes no value: what was its value looks like a verb.
  const missing = line.words.map(missingOption).find((error) => error !== null) ?? missingVerb(verb);
  if (missing !== null) return missing;
  const names = rows
    .filter(({ hidden }) => !hidden)
    .flatMap(({ name, aliases }) => [name, ...(aliases ?? [])]);
  return new UsageError(
    `there is no command ${printable(verb)}`,
    didYouMean(nearestNames(verb, names)),
    'awsh --help',
  );
}

function didYouMean(near: readonly string[]): string | undefined {
  return near.length > 0 ? `did you mean ${near.join(' or ')}?` : undefined;
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
