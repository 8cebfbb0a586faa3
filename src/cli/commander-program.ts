import { Argument, Command, Option } from 'commander';
import type { CommandRow, OptionRow } from './command-row.ts';
import { globalOptions } from './global-options.ts';

/** The program as commander knows it, for help alone: parsing needs no package. */
export function programOf(rows: readonly CommandRow[]): Command {
  const program = new Command('awsh')
    .description('AWS credentials that follow you from directory to directory')
    .usage('COMMAND [options]')
    .helpOption(false)
    .helpCommand(false);
  for (const row of rows) {
    program.addCommand(commanderFor(row).helpGroup(`${row.group}:`), { hidden: row.hidden ?? false });
  }
  return program;
}

/** One verb as commander knows it. */
export function commanderFor(row: CommandRow): Command {
  const command = new Command(row.name)
    .summary(row.summary)
    .description(row.details ? `${row.summary}\n\n${row.details}` : row.summary)
    .helpOption(false);
  for (const alias of row.aliases ?? []) command.alias(alias);
  for (const argument of row.arguments ?? []) {
    const name = argument.repeats ? `${argument.name}...` : argument.name;
    const described = new Argument(argument.required ? `<${name}>` : `[${name}]`, argument.summary);
    command.addArgument(argument.choices ? described.choices([...argument.choices]) : described);
  }
  // Hidden ones are not in help, and may be another letter for an option that is.
  for (const option of (row.options ?? []).filter(({ hidden }) => !hidden))
    command.addOption(commanderOption(option));
  const own = (row.options ?? []).map(({ long }) => long);
  for (const option of globalOptions.filter(({ long }) => !own.includes(long)))
    command.addOption(commanderOption(option).helpGroup('Global options:'));
  return command;
}

function commanderOption(row: OptionRow): Option {
  const flags = `${row.short ? `-${row.short}, ` : ''}--${row.long}${row.value ? ` <${row.value}>` : ''}`;
  const option = new Option(flags, row.summary);
  if (row.choices) option.choices([...row.choices]);
  return option;
}
