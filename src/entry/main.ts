import { pathsInJob, replaceOlderAgent, setAsideIfSilent, sweepLeftovers } from '../agent/index.ts';
import { argumentFileError } from '../cli/argument-file.ts';
import { withAwsVaultHint } from '../cli/aws-vault-hint.ts';
import { type Collected, collectOutput } from '../cli/collect-output.ts';
import { type CommandLine, cutCommandLine } from '../cli/command-line.ts';
import { commandTable, findCommand } from '../cli/command-table.ts';
import { openContext } from '../cli/context.ts';
import { errorStatus, errorText } from '../cli/error-text.ts';
import { useGivenOptions } from '../cli/given-options.ts';
import { requireOwnHome } from '../cli/home-owner.ts';
import { withJobHint } from '../cli/job-hint.ts';
import { isNothingLeft } from '../cli/leave-nothing.ts';
import { missingOption } from '../cli/not-in-awsh.ts';
import { withOldOptions } from '../cli/old-aws-vault-options.ts';
import {
  descriptorStream,
  type Output,
  ReaderGoneError,
  streamOutput,
  type WritableText,
} from '../cli/output.ts';
import { keepPackageLink, packageVersion } from '../cli/package-link.ts';
import { parseCommand, parseRootOptions, unknownCommand } from '../cli/parse-command.ts';
import { rememberNode } from '../cli/remembered-node.ts';
import { releaseTerminal } from '../prompt/index.ts';
import {
  type AppPaths,
  appPaths,
  type Clock,
  type Environment,
  NoCredentialsError,
  systemClock,
  UnknownProfileError,
  UsageError,
  useEditor,
  workingDirectory,
} from '../system/index.ts';
import { commandModules } from './command-modules.ts';
import type { keepCode } from './keep-code.ts';

/** The input of a run of awsh. */
export interface Surroundings {
  readonly environment: Environment;
  readonly cwd: () => string;
  readonly clock: Clock;
  readonly output: Output;
  /** The folder of the installed package. */
  readonly packageFolder: string;
  /** By default, as in the environment. */
  readonly paths?: AppPaths;
  /** The verbs; by default the files of src/commands. */
  readonly commands?: typeof commandModules;
  /**
   * The environment of the shell in which the command was typed; null if it cannot be known. Found
   * automatically by default.
   */
  readonly shellEnvironment?: Environment | null;
}

/** The exports of dist/main.cjs. */
export interface Program {
  readonly main: typeof main;
  readonly runReading: typeof runReading;
  readonly keepCode: typeof keepCode;
  /** True for the name of a verb whose compiled code may be stored. */
  readonly isVerb: (word: string) => boolean;
}

export { keepCode } from './keep-code.ts';

export const isVerb: Program['isVerb'] = (word) => !isNothingLeft() && findCommand(word)?.name === word;

/** The program: runs process.argv and returns the exit status. */
export async function main(packageFolder: string): Promise<number> {
  const environment = process.env;
  const output = streamOutput(descriptorStream(1), descriptorStream(2), environment);
  const cwd = () => workingDirectory(environment);
  const paths = pathsInJob(appPaths(environment), environment);
  process.on('uncaughtException', (error) => void endAfter(error, output));
  const status = await runCommandLine(process.argv.slice(2), {
    environment,
    cwd,
    clock: systemClock,
    output,
    packageFolder,
    paths,
  });
  if (isNothingLeft()) return status;
  rememberNode(paths);
  keepPackageLink(paths, packageFolder);
  sweepLeftovers(paths);
  replaceOlderAgent({ paths, environment, packageFolder }, () => packageVersion(packageFolder));
  await setAsideIfSilent(paths, environment);
  return status;
}

/** The input of a command that only reads, in the agent's thread. */
export interface ReadingSurroundings {
  readonly environment: Environment;
  readonly directory: string;
  readonly packageFolder: string;
  readonly stdout: Pick<WritableText, 'isTTY' | 'columns'>;
  readonly stderr: Pick<WritableText, 'isTTY' | 'columns'>;
}

/** By verb and action, the options of the commands that {@link runReading} runs. */
const readingOptions: readonly (readonly [words: RegExp, options: RegExp])[] = [
  [/^(list|ls)\b/, /^--(json|profiles|credentials|sessions)$/],
  [/^status\b/, /^--json$/],
  [/^prompt\b/, /^--(format|shell)(=|$)/],
  [/^sso status\b/, /^--json$/],
  [/^config get\b/, /^--json$/],
];

/**
 * Runs a command that only reads, without useGivenOptions, which only errors need. Returns null for
 * any other command, and throws instead of printing an error.
 */
export async function runReading(
  words: readonly string[],
  { environment, directory, packageFolder, stdout, stderr }: ReadingSurroundings,
): Promise<(Collected & { readonly status: number }) | null> {
  const [, options] = readingOptions.find(([verb]) => verb.test(words.join(' '))) ?? [];
  if (options === undefined || words.some((word) => word.startsWith('-') && !options.test(word))) return null;
  useEditor(environment);
  const { output, collected } = collectOutput(stdout, stderr, environment);
  const line = cutCommandLine(words, findCommand);
  const surroundings = { environment, cwd: () => directory, clock: systemClock, output, packageFolder };
  const status = await answer(line, surroundings);
  return { status, ...collected() };
}

/**
 * Ends the process after an error that no command has caught. Node itself would print the error's
 * message, which may quote a secret.
 */
async function endAfter(error: unknown, output: Output): Promise<void> {
  output.tell(await errorText(error, process.argv.includes('--debug'), output.stderr));
  await releaseTerminal();
  process.exit(errorStatus(error));
}

/** Runs one command line and returns its exit status. Never throws. */
export async function runCommandLine(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const line = cutCommandLine(rootWords(args), findCommand);
  useEditor(surroundings.environment);
  useGivenOptions(line, surroundings.environment, surroundings.shellEnvironment);
  try {
    return await answer(line, surroundings);
  } catch (error) {
    if (error instanceof ReaderGoneError) return 0;
    const debug = line.words.includes('--debug');
    const { environment, paths = appPaths(environment) } = surroundings;
    const isMissing = error instanceof NoCredentialsError || error instanceof UnknownProfileError;
    const search = { environment, paths, cwd: paths.home };
    const isOfFile = isMissing || error instanceof UsageError;
    const ofFile = isOfFile ? argumentFileError(line, surroundings.cwd) : null;
    const hinted =
      ofFile ?? (isMissing ? await withAwsVaultHint(error, search) : withJobHint(error, environment));
    surroundings.output.tell(await errorText(hinted, debug, surroundings.output.stderr, line));
    return errorStatus(hinted);
  } finally {
    await releaseTerminal();
  }
}

async function answer(line: CommandLine, surroundings: Surroundings): Promise<number> {
  const { output, environment } = surroundings;
  const options = line.words.includes('--') ? line.words.slice(0, line.words.indexOf('--')) : line.words;
  const wantsHelp = ['--help', '-h', '--help-long', '--help-man'].some((word) => options.includes(word));
  if (wantsHelp || line.verb === null || line.verb === 'help') {
    if (!wantsHelp && line.verb === null) parseRootOptions(line, commandTable());
    await output.print(await help(line, output));
    return 0;
  }
  const { row } = line;
  if (row === null) {
    // An unknown option takes no value, so what the user meant as its value looks like a verb.
    const before = line.words.slice(0, line.wordsBeforeVerb);
    if (!before.some((word) => missingOption(word, line)))
      parseRootOptions({ ...line, words: before }, commandTable());
    const profiles = await knownProfiles(surroundings.paths ?? appPaths(environment));
    throw unknownCommand(line, line.verb, commandTable(), profiles);
  }
  const { input, globals } = parseCommand(row, line);
  const paths = surroundings.paths ?? appPaths(environment);
  requireOwnHome(line, input, { uid: process.getuid?.(), paths, environment });
  const module = await (surroundings.commands ?? commandModules)[row.name]?.();
  if (module === undefined) throw new ReferenceError(`no file in src/commands for ${row.name}`);
  const context = openContext({
    environment: withOldOptions(environment, row, input),
    cwd: surroundings.cwd(),
    clock: surroundings.clock,
    output,
    packageFolder: surroundings.packageFolder,
    paths,
    globals,
    verb: row.name,
  });
  if (typeof row.codingAgents !== 'string') {
    const { refuseVerb } = await import('../commands/coding-agent.ts');
    await refuseVerb(context, row, input);
  }
  return module.run(context, input);
}

/**
 * Options that act as a verb: --version, and kingpin's completion options, which aws-vault has.
 * They count only before the command of `exec`.
 */
function rootWords(args: readonly string[]): readonly string[] {
  if (!args.some((word) => /^(-[vV]|--version|--completion-script-(bash|zsh|fish))$/.test(word))) return args;
  const { words, verb } = cutCommandLine(args, findCommand);
  const script = words.find((word) => word.startsWith('--completion-script-'));
  if (verb === null && script !== undefined)
    return ['completion', script.slice('--completion-script-'.length)];
  return words.some((word) => ['--version', '-v', '-V'].includes(word)) ? ['version'] : args;
}

/** The names of all profiles; empty if the files cannot be read. */
async function knownProfiles(paths: AppPaths): Promise<readonly string[]> {
  const { profileNames, readAwsFiles } = await import('../profiles/index.ts');
  try {
    return profileNames(readAwsFiles(paths));
  } catch {
    return [];
  }
}

/** The help for `awsh`, `awsh --help`, `awsh VERB --help` and `awsh help VERB`. */
async function help(line: CommandLine, output: Output): Promise<string> {
  const { commandHelp, programHelp, shortHelp } = await import('../cli/help-text.ts');
  const all = line.words.some((word) => word === '--help-long' || word === '--help-man');
  const style = { ...output.stdout, all };
  const asked = line.verb === 'help' ? line.words.find((word) => !word.startsWith('-')) : line.verb;
  if (asked === undefined || asked === null) {
    if (line.verb === null && line.words.length === 0) return shortHelp(commandTable(), output.stdout);
    const program = programHelp(commandTable(), output.stdout);
    if (!all) return program;
    const shown = commandTable().filter(({ hidden }) => !hidden);
    return [program, ...shown.map((row) => commandHelp(row, style))].join('\n');
  }
  const row = findCommand(asked);
  if (row === null) throw unknownCommand(line, asked, commandTable());
  return commandHelp(row, style);
}
