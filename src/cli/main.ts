import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AppPaths,
  appPaths,
  type Clock,
  type Environment,
  systemClock,
  workingDirectory,
} from '../system/index.ts';
import { coldPathIsTaken } from './cold-path.ts';
import { type CommandLine, cutCommandLine } from './command-line.ts';
import { commandModules } from './command-modules.ts';
import { commandTable, findCommand } from './command-table.ts';
import { openContext } from './context.ts';
import { errorStatus, errorText } from './error-text.ts';
import { type Output, ReaderGoneError, streamOutput } from './output.ts';
import { keepPackageLink } from './package-link.ts';
import { parseCommand, unknownCommand } from './parse-command.ts';
import { rememberNode } from './remembered-node.ts';

/** What a run of awsh is given from outside. */
export interface Surroundings {
  readonly environment: Environment;
  readonly cwd: () => string;
  readonly clock: Clock;
  readonly output: Output;
  /** The installed package's own folder. */
  readonly packageFolder: string;
  /** As the environment has them, unless they are given. */
  readonly paths?: AppPaths;
  /** Where the verbs come from; the files of src/commands unless it says otherwise. */
  readonly commands?: typeof commandModules;
}

/** The program: runs process.argv and ends the process with the exit status. */
export async function main(packageFolder: string): Promise<void> {
  const environment = process.env;
  const output = streamOutput(process.stdout, process.stderr, environment);
  const cwd = () => workingDirectory(environment);
  const paths = appPaths(environment);
  const status = await runCommandLine(process.argv.slice(2), {
    environment,
    cwd,
    clock: systemClock,
    output,
    packageFolder,
    paths,
  });
  rememberNode(paths);
  keepPackageLink(paths, packageFolder);
  // Not left to the event loop: an open connection must not keep a finished command alive.
  process.exit(status);
}

/** Runs one command line; returns its exit status and throws nothing. */
export async function runCommandLine(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const line = cutCommandLine(args, findCommand);
  try {
    return await answer(line, surroundings);
  } catch (error) {
    if (error instanceof ReaderGoneError) return 0;
    if (coldPathIsTaken()) throw error;
    const debug = line.words.includes('--debug');
    surroundings.output.tell(await errorText(error, debug, surroundings.output.stderr));
    return errorStatus(error);
  }
}

async function answer(line: CommandLine, surroundings: Surroundings): Promise<number> {
  const { output, environment } = surroundings;
  const options = line.words.includes('--') ? line.words.slice(0, line.words.indexOf('--')) : line.words;
  const wantsHelp = options.includes('--help') || options.includes('-h');
  if (options.includes('--version')) {
    await output.print(`awsh ${version(surroundings.packageFolder)}\n`);
    return 0;
  }
  if (wantsHelp || line.verb === null || line.verb === 'help') {
    await output.print(await help(line, output));
    return 0;
  }
  const { row } = line;
  if (row === null) throw unknownCommand(line, line.verb, commandTable);
  const { input, globals } = parseCommand(row, line);
  const module = await (surroundings.commands ?? commandModules)[row.name]?.();
  if (module === undefined) throw new ReferenceError(`no file in src/commands for ${row.name}`);
  const context = openContext({
    environment,
    cwd: surroundings.cwd(),
    clock: surroundings.clock,
    output,
    packageFolder: surroundings.packageFolder,
    paths: surroundings.paths ?? appPaths(environment),
    globals,
  });
  return module.run(context, input);
}

/** `awsh`, `awsh --help`, `awsh VERB --help` and `awsh help VERB`. */
async function help(line: CommandLine, output: Output): Promise<string> {
  const { commandHelp, programHelp } = await import('./help-text.ts');
  const asked = line.verb === 'help' ? line.words.find((word) => !word.startsWith('-')) : line.verb;
  if (asked === undefined || asked === null) return programHelp(commandTable, output.stdout);
  const row = findCommand(asked);
  if (row === null) throw unknownCommand(line, asked, commandTable);
  return commandHelp(row, output.stdout);
}

function version(packageFolder: string): string {
  const file: { version: string } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  return file.version;
}
