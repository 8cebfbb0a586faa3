import type { Command } from 'commander';
import { CommandInput } from './command-input.ts';
import type { CommandLine } from './command-line.ts';
import type { CommandRow, OptionRow } from './command-row.ts';
import type { GlobalOptions } from './global-options.ts';

export interface ParsedCommand {
  readonly input: CommandInput;
  readonly globals: GlobalOptions;
}

/** Parses a verb's words by its row; a UsageError (exit 2) says what is wrong with them. */
export async function parseCommand(row: CommandRow, line: CommandLine): Promise<ParsedCommand> {
  const { asUsageErrors, commanderFor, commanderOption } = await import('./commander-program.ts');
  const command = commanderFor(row);
  asUsageErrors(row.name, () => command.parse([...line.words], { from: 'user' }));
  const given = (option: OptionRow) => {
    const { negate } = commanderOption(option);
    const value = optionValue(command, commanderOption(option).attributeName());
    return negate ? value === false : value;
  };
  const args = new Map((row.arguments ?? []).map(({ name }, at) => [name, text(command.processedArgs[at])]));
  const options = new Map((row.options ?? []).map((option) => [option.long, given(option)]));
  const input = new CommandInput(args, options, line.command, line.commandOffset);
  return { input, globals: readGlobals(command) };
}

function readGlobals(command: Command): GlobalOptions {
  const value = (name: string) => text(optionValue(command, name));
  return {
    backend: value('backend'),
    prompt: value('prompt'),
    fileDir: value('fileDir'),
    passDir: value('passDir'),
    passCmd: value('passCmd'),
    passPrefix: value('passPrefix'),
    debug: optionValue(command, 'debug') === true,
  };
}

function optionValue(command: Command, name: string): string | boolean | undefined {
  const value: unknown = command.getOptionValue(name);
  return typeof value === 'boolean' ? value : text(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
