import { delimiter } from 'node:path';
import { loadExeca } from '../programs/index.ts';
import {
  CancelledError,
  type Environment,
  findProgram,
  PersonNeededError,
  printable,
  safePath,
} from '../system/index.ts';

/** The surroundings of a program that asks the user, or reads a device. */
export interface PromptSurroundings {
  readonly environment: Environment;
  /** The time limit of a program in milliseconds; two minutes by default. */
  readonly limitMs?: number | undefined;
}

export interface ProgramEnd {
  /** Null where a signal ended it. */
  readonly status: number | null;
  /** May be a secret: must not be in any error. */
  readonly stdout: string;
  readonly stderr: string;
}

const defaultLimitMs = 120_000;

/**
 * The variables that windows, gpg and its pinentry, and a YubiKey's tool need. The shell's
 * credentials are not among them.
 */
const passedOn =
  /^(HOME|USER|LOGNAME|LANG|LANGUAGE|LC_\w+|TERM|TZ|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_\w+|DBUS_SESSION_BUS_ADDRESS|DESKTOP_SESSION|KDE_\w+|GTK_THEME|QT_QPA_PLATFORM\w*|GNUPGHOME|GPG_TTY|GPG_AGENT_INFO|PINENTRY_USER_DATA|SSH_AUTH_SOCK|PASSWORD_STORE_(DIR|KEY|GPG_OPTS|ENABLE_EXTENSIONS|EXTENSIONS_DIR))$/;

/**
 * The program's absolute path, from PATH without the folders in which others can plant a program
 * (security rule 10).
 */
export function promptProgram(name: string, environment: Environment): string | null {
  return findProgram(name, environment.PATH);
}

/**
 * Runs a program without a shell and returns its output. Throws PersonNeededError (exit 6) if it
 * does not exist or has not answered in time, after ending it. Throws CancelledError (exit 130) if
 * Ctrl-C ended it.
 */
export async function runPromptProgram(
  name: string,
  args: readonly string[],
  { environment, limitMs = defaultLimitMs }: PromptSurroundings,
  terminal: 'none' | 'shared' = 'none',
): Promise<ProgramEnd> {
  const program = promptProgram(name, environment);
  if (program === null) throw missingProgram(name);
  const execa = await loadExeca();
  const result = await execa(program, args, {
    reject: false,
    env: childEnvironment(environment),
    extendEnv: false,
    timeout: limitMs,
    // A dialog does not get stdin, because it must not read other programs' input.
    stdin: terminal === 'shared' ? 'inherit' : 'ignore',
    stderr: terminal === 'shared' ? 'inherit' : 'pipe',
  });
  if (result.timedOut) {
    throw new PersonNeededError(
      'the question was not answered',
      `${name} was given ${limitMs / 1000} seconds`,
    );
  }
  if (result.signal === 'SIGINT') throw new CancelledError();
  return { status: result.exitCode ?? null, stdout: result.stdout ?? '', stderr: result.stderr ?? '' };
}

export function missingProgram(name: string): PersonNeededError {
  return new PersonNeededError(
    `the program ${printable(name)}, which should ask the question, was not found`,
    'no safe folder in PATH has it (relative folders, and folders that anyone can write to, are skipped); install it, or use the terminal',
    'add --prompt terminal',
    'an answer',
    name,
  );
}

function childEnvironment(environment: Environment): Record<string, string> {
  const child: Record<string, string> = { PATH: safePath(environment.PATH).join(delimiter) };
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && passedOn.test(name)) child[name] = value;
  }
  return child;
}
