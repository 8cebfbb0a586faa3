import { Argument, Command, CommanderError, Option } from 'commander';
import { AwshError, printable, UsageError } from '../system/index.ts';
import { CommandInput } from './command-input.ts';
import type { CommandLine } from './command-line.ts';
import type { CommandRow, OptionRow } from './command-row.ts';
import { type GlobalOptions, globalOptions } from './global-options.ts';

export interface ParsedCommand {
  readonly input: CommandInput;
  readonly globals: GlobalOptions;
}

/** Parses a verb's words by its row; a UsageError (exit 2) says what is wrong with them. */
export function parseCommand(row: CommandRow, line: CommandLine): ParsedCommand {
  const command = commanderFor(row);
  asUsageErrors(row.name, () => command.parse([...line.words], { from: 'user' }));
  const args = new Map((row.arguments ?? []).map(({ name }, at) => [name, processed(command, at)]));
  const options = new Map((row.options ?? []).map((option) => [option.long, given(command, option)]));
  const input = new CommandInput(args, options, line.command, line.commandOffset);
  return { input, globals: readGlobals(command) };
}

/** The commander object of one verb: for parsing, and for its help. */
export function commanderFor(row: CommandRow): Command {
  const command = new Command(row.name)
    .summary(row.summary)
    .description(row.summary)
    .helpOption(false)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {}, outputError: () => {} })
    .action(() => {});
  for (const alias of row.aliases ?? []) command.alias(alias);
  for (const argument of row.arguments ?? []) {
    const described = new Argument(
      argument.required ? `<${argument.name}>` : `[${argument.name}]`,
      argument.summary,
    );
    command.addArgument(argument.choices ? described.choices([...argument.choices]) : described);
  }
  for (const option of row.options ?? []) command.addOption(commanderOption(option));
  for (const option of globalOptions) {
    command.addOption(commanderOption(option).helpGroup('Global options:'));
  }
  return command;
}

/** The commander object of one option. */
export function commanderOption(row: OptionRow): Option {
  const flags = `${row.short ? `-${row.short}, ` : ''}--${row.long}${row.value ? ` <${row.value}>` : ''}`;
  const option = new Option(flags, row.summary);
  if (row.choices) option.choices([...row.choices]);
  return row.hidden ? option.hideHelp() : option;
}

function given(command: Command, row: OptionRow): string | boolean | undefined {
  const option = commanderOption(row);
  const value: unknown = command.getOptionValue(option.attributeName());
  if (option.negate) return value === false;
  return typeof value === 'string' || typeof value === 'boolean' ? value : undefined;
}

function processed(command: Command, at: number): string | undefined {
  const value: unknown = command.processedArgs[at];
  return typeof value === 'string' ? value : undefined;
}

function readGlobals(command: Command): GlobalOptions {
  const text = (name: string) => {
    const value: unknown = command.getOptionValue(name);
    return typeof value === 'string' ? value : undefined;
  };
  return {
    backend: text('backend'),
    prompt: text('prompt'),
    fileDir: text('fileDir'),
    passDir: text('passDir'),
    passCmd: text('passCmd'),
    passPrefix: text('passPrefix'),
    debug: command.getOptionValue('debug') === true,
  };
}

/** Turns commander's complaint into ours; its second line, where there is one, is `(Did you mean …?)`. */
export function asUsageErrors(verb: string | null, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof AwshError || !(error instanceof CommanderError)) throw error;
    const [what = '', hint] = error.message.replace(/^error: /, '').split('\n');
    const why = hint?.replace(/^\((.*)\)$/, '$1').replace(/^D/, 'd');
    throw new UsageError(printable(what), why, verb === null ? 'awsh --help' : `awsh ${verb} --help`);
  }
}
