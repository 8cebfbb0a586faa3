import { Chalk } from 'chalk';
import { Command } from 'commander';
import { type CommandRow, commandGroups } from './command-row.ts';
import { globalOptions } from './global-options.ts';
import { commanderFor, commanderOption } from './parse-command.ts';

/** How help is laid out: for a width in columns, in colour or plain. */
export interface HelpStyle {
  readonly columns: number;
  readonly colours: boolean;
}

/** What `awsh --help` prints: the verbs by group. */
export function programHelp(rows: readonly CommandRow[], style: HelpStyle): string {
  const program = programOf(commandGroups.flatMap((group) => rows.filter((row) => row.group === group)));
  for (const option of globalOptions) program.addOption(commanderOption(option));
  program.addHelpText('after', '\nHelp for one command, with an example: awsh COMMAND --help');
  return render(program, style);
}

/** What `awsh VERB --help` prints. */
export function commandHelp(row: CommandRow, style: HelpStyle): string {
  const command = commanderFor(row);
  if (row.details) command.description(`${row.summary}\n\n${row.details}`);
  const args = (row.arguments ?? []).map(({ name, required }) => (required ? name : `[${name}]`));
  if (row.takesCommand) args.push('[--] [COMMAND...]');
  command.usage(['[options]', ...args].join(' '));
  command.addHelpText('after', `\nExample:\n  ${row.example}`);
  programOf([]).addCommand(command);
  return render(command, style);
}

/** The program as commander knows it: for the list of verbs, and for what an unknown one is near to. */
export function programOf(rows: readonly CommandRow[]): Command {
  const program = new Command('awsh')
    .description('AWS credentials that follow you from directory to directory')
    .usage('[options] COMMAND')
    .helpOption(false)
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {}, outputError: () => {} });
  for (const row of rows) {
    program.addCommand(commanderFor(row).helpGroup(`${row.group}:`), { hidden: row.hidden ?? false });
  }
  return program;
}

function render(command: Command, style: HelpStyle): string {
  const chalk = new Chalk({ level: style.colours ? 1 : 0 });
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => style.columns,
    getOutHasColors: () => style.colours,
  });
  command.configureHelp({
    styleTitle: (title) => chalk.bold(title),
    styleCommandText: (name) => chalk.bold(name),
    styleOptionTerm: (term) => chalk.cyan(term),
    styleSubcommandTerm: (term) => chalk.cyan(term),
    styleArgumentTerm: (term) => chalk.cyan(term),
    // The verb's own options are below its name; here they would only widen the column.
    subcommandTerm: (sub) => [sub.name(), ...sub.aliases()].join(', '),
  });
  command.outputHelp();
  return text;
}
