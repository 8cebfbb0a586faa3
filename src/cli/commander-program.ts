import { Argument, Command, CommanderError, Option } from 'commander';
import { printable, UsageError } from '../system/index.ts';
import type { CommandRow, OptionRow } from './command-row.ts';
import { globalOptions } from './global-options.ts';

/** The program as commander knows it: for the list of verbs, and for what an unknown one is near to. */
export function programOf(rows: readonly CommandRow[]): Command {
  const program = silent(new Command('awsh'))
    .description('AWS credentials that follow you from directory to directory')
    .usage('COMMAND [options]')
    .helpCommand(false);
  for (const row of rows) {
    program.addCommand(commanderFor(row).helpGroup(`${row.group}:`), { hidden: row.hidden ?? false });
  }
  return program;
}

/** One verb as commander knows it: for parsing, and for its help. */
export function commanderFor(row: CommandRow): Command {
  const command = silent(new Command(row.name))
    .summary(row.summary)
    .description(row.details ? `${row.summary}\n\n${row.details}` : row.summary)
    .allowExcessArguments(false)
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
  for (const option of globalOptions) command.addOption(commanderOption(option).helpGroup('Global options:'));
  return command;
}

/** The commander object of one option. */
export function commanderOption(row: OptionRow): Option {
  const flags = `${row.short ? `-${row.short}, ` : ''}--${row.long}${row.value ? ` <${row.value}>` : ''}`;
  const option = new Option(flags, row.summary);
  if (row.choices) option.choices([...row.choices]);
  return row.hidden ? option.hideHelp() : option;
}

/** Neither prints nor ends the process: both are ours to do. Help is answered before anything is parsed. */
function silent(command: Command): Command {
  return command
    .helpOption(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {}, outputError: () => {} });
}

/** Turns commander's complaint into ours; its second line, where there is one, is `(Did you mean …?)`. */
export function asUsageErrors(verb: string | null, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const [what = '', hint] = error.message.replace(/^error: /, '').split('\n(');
    const why = hint?.replace(/\)$/, '').replace(/^D/, 'd');
    throw new UsageError(printable(what), why, verb === null ? 'awsh --help' : `awsh ${verb} --help`);
  }
}
