// The output of `awsh`, `awsh help` and `awsh VERB --help`, made from the command table.
import { Chalk } from 'chalk';
import { padToWidth, textWidth } from '../system/index.ts';
import { type ArgumentRow, type CommandRow, commandGroups, type OptionRow } from './command-row.ts';
import { globalOptions } from './global-options.ts';
import { wrapWords } from './wrapped-text.ts';

/** The layout of help: its width in columns, and whether it has colours. */
export interface HelpStyle {
  readonly columns: number;
  readonly colours: boolean;
  /**
   * If true, shows every option with its meaning. If false, shows as many as fit on a screen, and
   * the names of the others.
   */
  readonly all?: boolean;
}

/** A line of a list: what to type, and what it means. */
type Item = readonly [term: string, text: string];

/** A terminal of 24 rows minus the next prompt. */
const mostLines = 23;
/** In columns. Longer lines are hard to read. */
const widest = 100;
/** In columns. A longer term has its text below it. */
const longestTerm = 26;
/** In columns. If there is less room next to the term, the text is printed below it. */
const leastBeside = 30;

const what = 'AWS credentials that follow you from directory to directory';
const everyday = [
  'setup',
  'init',
  'allow',
  'use',
  'off',
  'refresh',
  'status',
  'exec',
  'export',
  'list',
  'add',
];
const everydayToo = ['import', 'sso', 'login', 'doctor'];

/** The output of `awsh` alone: the most used verbs, and the names of the others. */
export function shortHelp(rows: readonly CommandRow[], style: HelpStyle): string {
  const page = new Page(style);
  const names = [...everyday, ...everydayToo];
  const shown = names.flatMap((name) => rows.find((row) => row.name === name) ?? []);
  const others = rows.filter(({ name, hidden }) => !hidden && !names.includes(name)).map(({ name }) => name);
  page.lines.push(`${page.bold('awsh')}: ${what}`, '');
  page.list(shown.map(({ name, summary }): Item => [name, summary]));
  page.prose(`Other commands: ${others.join(', ')}`);
  page.prose('All commands: awsh help. One command: awsh help exec. If something is wrong: awsh doctor.');
  return page.text();
}

/** The output of `awsh help`: every verb, by group. */
export function programHelp(rows: readonly CommandRow[], style: HelpStyle): string {
  const page = new Page(style);
  page.lines.push(`${page.bold('Usage:')} awsh COMMAND [options]`, '', what);
  for (const group of commandGroups) {
    const items = rows.filter((row) => row.group === group && !row.hidden);
    page.lines.push('', page.bold(`${group}:`));
    page.list(items.map(({ name, aliases = [], summary }): Item => [[name, ...aliases].join(', '), summary]));
  }
  page.lines.push('');
  page.prose('For options and an example: awsh COMMAND --help. For the version: awsh --version.');
  return page.text();
}

/** The output of `awsh VERB --help`: an example first, the options common to all verbs last. */
export function commandHelp(row: CommandRow, style: HelpStyle): string {
  const own = (row.options ?? []).filter(({ hidden }) => !hidden);
  const items = [...(row.arguments ?? []).map(argumentItem), ...own.map(optionItem)];
  if (style.all) return pageOf(row, style, items, []).text();
  for (let shown = items.length; shown > 0; shown -= 1) {
    const page = pageOf(row, style, items.slice(0, shown), items.slice(shown));
    if (page.lines.length <= mostLines) return page.text();
  }
  return pageOf(row, style, items, []).text();
}

function pageOf(row: CommandRow, style: HelpStyle, items: readonly Item[], rest: readonly Item[]): Page {
  const page = new Page(style);
  page.lines.push(page.bold('Example:'), `  ${row.example}`, '');
  page.prose(row.summary);
  if (row.details !== undefined) page.prose(row.details);
  const args = (row.arguments ?? []).map(argumentWords);
  if (row.takesCommand) args.push('[--] [COMMAND...]');
  page.lines.push('');
  page.hanging('Usage: ', ['awsh', row.name, '[options]', ...args].join(' '));
  page.list(items);
  const names = rest.map(([term]) => term.replace(/^-\w, /, '')).join(', ');
  if (rest.length > 0) page.hanging('More: ', `${names}: awsh ${row.name} --help-long`);
  const own = (row.options ?? []).map(({ long }) => long);
  const globals: OptionRow[] = globalOptions.filter(
    (option: OptionRow) => !option.hidden && !own.includes(option.long),
  );
  if (style.all) {
    page.lines.push('', page.bold('Global options:'));
    page.list(globals.map(optionItem));
  } else page.hanging('Global: ', globals.map(({ long }) => `--${long}`).join(', '));
  return page;
}

/** Lines of a help text, wrapped at words. */
class Page {
  readonly lines: string[] = [];
  readonly #width: number;
  readonly #chalk;

  constructor({ columns, colours }: HelpStyle) {
    this.#width = Math.min(columns, widest);
    this.#chalk = new Chalk({ level: colours ? 1 : 0 });
  }

  bold(text: string): string {
    return this.#chalk.bold(text);
  }

  text(): string {
    return `${this.lines.join('\n')}\n`;
  }

  prose(text: string): void {
    this.lines.push(...wrapWords(text, this.#width));
  }

  /** A bold label with a wrapped text next to it. */
  hanging(label: string, text: string): void {
    const [first = '', ...rest] = wrapWords(text, this.#width - label.length);
    this.lines.push(this.bold(label) + first, ...rest.map((line) => ' '.repeat(label.length) + line));
  }

  list(items: readonly Item[]): void {
    const terms = items.map(([term]) => textWidth(term)).filter((width) => width <= longestTerm);
    const indent = Math.max(0, ...terms) + 4;
    for (const [term, text] of items) this.#item(term, text, indent);
  }

  #item(term: string, text: string, indent: number): void {
    const head = `  ${this.#chalk.cyan(term)}`;
    const isBeside = this.#width - indent >= leastBeside;
    const column = isBeside ? indent : 4;
    const [first = '', ...rest] = wrapWords(text, this.#width - column).map(
      (line) => ' '.repeat(column) + line,
    );
    if (isBeside && textWidth(term) <= indent - 4)
      this.lines.push(`  ${this.#chalk.cyan(padToWidth(term, indent - 2))}${first.trimStart()}`, ...rest);
    else this.lines.push(head, first, ...rest);
  }
}

function argumentWords({ name, required, repeats }: ArgumentRow): string {
  const words = repeats ? `${name}...` : name;
  return required ? words : `[${words}]`;
}

function argumentItem({ name, repeats, choices, summary }: ArgumentRow): Item {
  return [repeats ? `${name}...` : name, withChoices(summary, choices)];
}

function optionItem({ long, short, value, choices, summary }: OptionRow): Item {
  const letter = short === undefined ? '' : `-${short}, `;
  return [`${letter}--${long}${value === undefined ? '' : ` ${value}`}`, withChoices(summary, choices)];
}

function withChoices(summary: string, choices: readonly string[] | undefined): string {
  return choices === undefined ? summary : `${summary}: ${choices.join(', ')}`;
}
