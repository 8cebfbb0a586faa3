// awsh.1 and a manual page for each verb, made from the command table (man(7)).
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandRow, OptionRow } from './command-row.ts';
import { commandTable } from './command-table.ts';
import { globalOptions } from './global-options.ts';
import { packageVersion } from './package-link.ts';

export interface ManPage {
  /** `awsh-exec.1` */
  readonly name: string;
  readonly text: string;
}

const what = 'AWS credentials that follow you from directory to directory';

export function manPages(version: string): ManPage[] {
  const rows = commandTable().filter(({ hidden }) => !hidden);
  const title = (name: string) => `.TH ${name.toUpperCase()} 1 "" "awsh ${version}" "awsh"`;
  const main = [
    title('awsh'),
    '.SH NAME',
    `awsh \\- ${escaped(what)}`,
    '.SH SYNOPSIS',
    '.B awsh',
    'COMMAND [options]',
    '.SH COMMANDS',
    ...rows.flatMap(({ name, summary }) => item(name, `${summary}; see awsh-${name}(1)`)),
    '.SH GLOBAL OPTIONS',
    ...optionItems(globalOptions),
    '.SH FILES',
    ...item('.awsprofile', 'names the profile of a directory'),
    ...item('~/.config/awsh/config', 'the settings'),
  ];
  return [
    { name: 'awsh.1', text: pageText(main) },
    ...rows.map((row) => ({
      name: `awsh-${row.name}.1`,
      text: pageText([title(`awsh-${row.name}`), ...verbLines(row)]),
    })),
  ];
}

/** Writes the pages to the package's dist/man. */
export function writeManPages(packageFolder: string): void {
  const folder = join(packageFolder, 'dist/man');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { name, text } of manPages(packageVersion(packageFolder) ?? ''))
    writeFileSync(join(folder, name), text);
}

function verbLines(row: CommandRow): string[] {
  const args = (row.arguments ?? []).map(({ name, repeats, required }) => {
    const words = repeats ? `${name}...` : name;
    return required ? words : `[${words}]`;
  });
  if (row.takesCommand) args.push('[--] [COMMAND...]');
  const items = (row.arguments ?? []).flatMap(({ name, summary }) => item(name, summary));
  return [
    '.SH NAME',
    `awsh-${escaped(row.name)} \\- ${escaped(row.summary)}`,
    '.SH SYNOPSIS',
    `.B awsh ${escaped(row.name)}`,
    escaped(['[options]', ...args].join(' ')),
    ...(row.details === undefined ? [] : ['.SH DESCRIPTION', escaped(row.details)]),
    '.SH EXAMPLE',
    '.nf',
    escaped(row.example),
    '.fi',
    ...(items.length === 0 ? [] : ['.SH ARGUMENTS', ...items]),
    '.SH OPTIONS',
    ...optionItems(row.options ?? []),
    'The options that all verbs have are in',
    '.BR awsh (1).',
  ];
}

function optionItems(options: readonly OptionRow[]): string[] {
  return options
    .filter(({ hidden }) => !hidden)
    .flatMap(({ long, short, value, choices, summary }) => {
      const letter = short === undefined ? '' : `-${short}, `;
      const term = `${letter}--${long}${value === undefined ? '' : ` ${value}`}`;
      return item(term, choices === undefined ? summary : `${summary}: ${choices.join(', ')}`);
    });
}

function item(term: string, text: string): string[] {
  return ['.TP', `.B ${escaped(term)}`, escaped(text)];
}

/** Escapes backslashes, dashes that users type, and control characters at the start of a line. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1');
}

function pageText(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
