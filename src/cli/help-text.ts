import { Chalk } from 'chalk';
import type { Command, Help } from 'commander';
import { type ArgumentRow, type CommandRow, commandGroups } from './command-row.ts';
import { wrapWords } from './wrapped-text.ts';

/** How help is laid out: for a width in columns, in colour or plain. */
export interface HelpStyle {
  readonly columns: number;
  readonly colours: boolean;
}

/** What `awsh --help` prints: the verbs by group. */
export async function programHelp(rows: readonly CommandRow[], style: HelpStyle): Promise<string> {
  const { programOf } = await import('./commander-program.ts');
  const program = programOf(commandGroups.flatMap((group) => rows.filter((row) => row.group === group)));
  const more = 'Options and an example: awsh COMMAND --help. The version: awsh --version.';
  program.addHelpText('after', `\n${wrapWords(more, widthOf(style)).join('\n')}`);
  return render(program, style);
}

/** What `awsh VERB --help` prints. */
export async function commandHelp(row: CommandRow, style: HelpStyle): Promise<string> {
  const { commanderFor, programOf } = await import('./commander-program.ts');
  const command = commanderFor(row);
  const args = (row.arguments ?? []).map(argumentWords);
  if (row.takesCommand) args.push('[--] [COMMAND...]');
  command.usage(['[options]', ...args].join(' '));
  command.addHelpText('after', `\nExample:\n  ${row.example}`);
  // Its parent gives the usage line the program's name.
  programOf([]).addCommand(command);
  return render(command, style);
}

function argumentWords({ name, required, repeats }: ArgumentRow): string {
  const words = repeats ? `${name}...` : name;
  return required ? words : `[${words}]`;
}

/** Longer lines do not read well. */
const widthOf = ({ columns }: HelpStyle): number => Math.min(columns, 100);
/** With less room beside its term, a description is printed below it. */
const leastBeside = 30;

function formatItem(term: string, termWidth: number, description: string, helper: Help): string {
  const width = helper.helpWidth ?? 80;
  if (description === '' || width - termWidth - 4 >= leastBeside) {
    const { formatItem: beside } = Object.getPrototypeOf(helper) as Help;
    return beside.call(helper, term, termWidth, description, helper);
  }
  return [`  ${term}`, ...wrapWords(description, width - 4).map((line) => `    ${line}`)].join('\n');
}

/** Broken between words; further lines stand below the first. */
function wrappedUsage(usage: string, width: number): string {
  const indent = 'Usage: '.length;
  return wrapWords(usage, width - indent).join(`\n${' '.repeat(indent)}`);
}

function render(command: Command, style: HelpStyle): string {
  const chalk = new Chalk({ level: style.colours ? 1 : 0 });
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => widthOf(style),
    getOutHasColors: () => style.colours,
  });
  command.configureHelp({
    minWidthToWrap: 20,
    formatItem,
    styleTitle: (title) => chalk.bold(title),
    styleOptionTerm: (term) => chalk.cyan(term),
    styleSubcommandTerm: (term) => chalk.cyan(term),
    styleArgumentTerm: (term) => chalk.cyan(term),
    commandUsage(this: Help, shown) {
      const { commandUsage } = Object.getPrototypeOf(this) as Help;
      return wrappedUsage(commandUsage.call(this, shown), widthOf(style));
    },
    // The options of each verb are in its own help; here they would only widen the column.
    subcommandTerm: (sub) => [sub.name(), ...sub.aliases()].join(', '),
  });
  command.outputHelp();
  return text;
}
