import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isManaged } from '../shell/index.ts';
import { findProgram, PersonNeededError, printable, Secret, safePath } from '../system/index.ts';
import { enclosedBy } from './command-guard.ts';
import { splitCommand } from './command-words.ts';
import { homeOf, type Surroundings } from './surroundings.ts';

export interface CommandOptions {
  readonly surroundings: Surroundings;
  /** The profile that names the command; awsh refuses this profile to the command itself. */
  readonly profile: string;
  /** Additional variables for the command. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly use: CommandUse;
  /**
   * The time limit while a prompt waits, in milliseconds. Without it a minute, as in the SDK for
   * Go.
   */
  readonly promptMs?: number | undefined;
}

/**
 * `attended`: the user can read the command's stderr. `alone`: it runs, and its stderr is
 * discarded. `never`: only the clock asks, so nothing is started: a window or a request for a touch
 * would be unexpected.
 */
export type CommandUse = 'attended' | 'alone' | 'never';

/** Why a command gave nothing, as text for the user. Never its output, which may be a secret. */
export class CommandFault extends Error {
  override readonly name = 'CommandFault';
  constructor(readonly why: string) {
    super(why);
  }
}

const mostBytes = 64 * 1024;

/**
 * Runs a command of the config file and returns its output. Runs it without a shell if its words
 * need none, else by `/bin/sh -c`; in the home directory, so that no folder supplies its own
 * `./program`; with empty stdin, and without keys and secrets of awsh in its environment. Throws
 * {@link CommandFault}, or PersonNeededError (exit 6) if no command may run.
 */
export async function runCommand(command: string, options: CommandOptions): Promise<Secret> {
  if (options.use === 'never') throw notInBackground(options.profile);
  const environment = commandEnvironment(options);
  const [file, ...args] = programOf(command, environment.PATH);
  const child = spawn(file, args, {
    cwd: standingFolder(homeOf(options.surroundings)),
    env: environment,
    stdio: ['ignore', 'pipe', options.use === 'attended' ? 'inherit' : 'ignore'],
  });
  return output(child, options.promptMs);
}

function notInBackground(profile: string): PersonNeededError {
  return new PersonNeededError(
    `profile ${JSON.stringify(printable(profile))} has to run a command of its own`,
    'awsh starts no such command in the background or by itself at a prompt',
    'awsh refresh',
    'refresh',
  );
}

function programOf(command: string, path: string | undefined): [string, ...string[]] {
  const words = splitCommand(command);
  if (words === null) return ['/bin/sh', '-c', command];
  const [name = '', ...args] = words;
  const program = findProgram(name, path);
  if (program !== null) return [program, ...args];
  const where = name.includes('/')
    ? 'it must be an absolute path to a program'
    : 'it is in no folder of PATH';
  throw new CommandFault(`there is no program ${JSON.stringify(printable(name).slice(0, 100))}: ${where}`);
}

async function output(child: ChildProcess, promptMs: number | undefined): Promise<Secret> {
  let text = '';
  let fault: string | null = null;
  const giveUp = (why: string) => {
    fault ??= why;
    child.kill('SIGKILL');
    child.stdout?.destroy();
  };
  const late =
    promptMs === undefined
      ? 'it did not end within 60 seconds'
      : `it did not end within ${(promptMs / 1000).toFixed(1)} seconds, and a prompt waits no longer; awsh refresh gives it a minute`;
  const timer = setTimeout(() => giveUp(late), promptMs ?? 60_000);
  child.stdout?.setEncoding('utf8');
  child.stdout?.on('data', (piece: string) => {
    text += piece;
    if (text.length > mostBytes) giveUp('it printed more than credentials need');
  });
  const ended = new Promise<string | null>((resolve) => {
    child.once('error', () => resolve('it cannot be started'));
    child.once('close', (status, signal) => resolve(endOf(status, signal)));
    // A process that it has left running may keep its stdout open.
    child.once('exit', () => void sleep(1000, null, { ref: false }).then(() => child.stdout?.destroy()));
  });
  const end = await ended;
  clearTimeout(timer);
  if (fault !== null || end !== null) throw new CommandFault(fault ?? end ?? '');
  return new Secret(text);
}

function endOf(status: number | null, signal: NodeJS.Signals | null): string | null {
  if (status === 0) return null;
  return status === null ? `it was ended by ${signal}` : `it ended with status ${status}`;
}

/** Variables that another shell would evaluate as code, or that would make it trace our secrets. */
const shellSteering = /^(BASH_ENV|ENV|SHELLOPTS|BASHOPTS|PS4|BASH_FUNC_.*)$/;
/** The variables of awsh and aws-vault, which include their passphrases. */
const own = /^(AWSH|AWS_VAULT)(_|$)/;

function commandEnvironment(options: CommandOptions): Record<string, string> {
  const { surroundings, profile } = options;
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(surroundings)) {
    const isKept = !isManaged(name) && !own.test(name) && !shellSteering.test(name);
    if (isKept && value !== undefined) environment[name] = value;
  }
  return {
    ...environment,
    PATH: safePath(surroundings.PATH).join(delimiter) || '/usr/bin:/bin',
    ...options.environment,
    ...enclosedBy(profile, surroundings),
  };
}

/**
 * The home directory if it exists: a program cannot be started in a directory that is missing or
 * not accessible.
 */
function standingFolder(home: string): string {
  try {
    accessSync(home, constants.X_OK);
    return home;
  } catch {
    return '/';
  }
}
