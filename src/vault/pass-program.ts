import { delimiter } from 'node:path';
import { loadExeca } from '../programs/index.ts';
import { type Environment, findProgram, printable, Secret, safePath, VaultError } from '../system/index.ts';
import { type FailedCall, passFault } from './pass-faults.ts';

export interface PassProgramOptions {
  readonly environment: Environment;
  /** The program: a name to look up in PATH, or an absolute path. */
  readonly command?: string | undefined;
  /** The password store, instead of PASSWORD_STORE_DIR and ~/.password-store. */
  readonly storeFolder?: string | undefined;
}

/** In milliseconds: the user may be typing the passphrase of a gpg key. */
const longestCallMs = 120_000;

/**
 * The variables that gpg, its agent and its pinentry need. The shell's credentials are not among
 * them.
 */
const passedOn =
  /^(HOME|USER|LOGNAME|LANG|LANGUAGE|LC_\w+|TERM|TZ|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_RUNTIME_DIR|DBUS_SESSION_BUS_ADDRESS|GNUPGHOME|GPG_TTY|GPG_AGENT_INFO|PINENTRY_USER_DATA|SSH_AUTH_SOCK|PASSWORD_STORE_(DIR|KEY|GPG_OPTS|SIGNING_KEY|UMASK))$/;

/**
 * The `pass` program (passwordstore.org). Secrets go through its stdin and stdout, never through an
 * argument.
 */
export class PassProgram {
  readonly #options: PassProgramOptions;

  constructor(options: PassProgramOptions) {
    this.#options = options;
  }

  /** The folder of the store. */
  get folder(): string {
    const { PASSWORD_STORE_DIR: named, HOME } = this.#environment();
    return named ?? `${HOME}/.password-store`;
  }

  /** The entry's text, or null if there is no such entry. */
  async show(path: string): Promise<Secret | null> {
    const result = await this.run(['show', '--', path]);
    if (result.ok) return new Secret(result.stdout);
    if (isAbsent(result.stderr)) return null;
    throw this.fault('read', path, result.stderr);
  }

  fault(doing: FailedCall['doing'], item: string, stderr: string): VaultError {
    return passFault({ doing, item, store: printable(this.folder) }, stderr);
  }

  /** The program's output; stdout may be a secret and must not be in any error. */
  async run(args: string[], input?: Secret): Promise<{ ok: boolean; stdout: string; stderr: string }> {
    const program = this.#program();
    const execa = await loadExeca();
    const result = await execa(program, args, {
      reject: false,
      env: this.#environment(),
      extendEnv: false,
      timeout: longestCallMs,
      stripFinalNewline: false,
      // `pass show` asks `tty` for the terminal that pinentry must use; it reads nothing from it.
      ...(input === undefined ? { stdin: 'inherit' as const } : { input: input.reveal() }),
    });
    if (result.timedOut)
      throw new VaultError('pass did not answer', `it was given ${longestCallMs / 1000} seconds`);
    return { ok: result.exitCode === 0, stdout: result.stdout, stderr: result.stderr };
  }

  #program(): string {
    const command = this.#options.command ?? 'pass';
    const program = findProgram(command, this.#options.environment.PATH);
    if (program !== null) return program;
    throw new VaultError(
      `the program ${JSON.stringify(printable(command))} was not found`,
      'no safe folder in PATH has it (relative folders, and folders that anyone can write to, are skipped); install pass, or use another backend',
      'export AWSH_BACKEND=file',
    );
  }

  #environment(): Record<string, string> {
    const environment: Record<string, string> = {};
    for (const [name, value] of Object.entries(this.#options.environment)) {
      if (value !== undefined && passedOn.test(name)) environment[name] = value;
    }
    // The status lines tell what kind of error gpg had.
    environment.PASSWORD_STORE_GPG_OPTS = `${environment.PASSWORD_STORE_GPG_OPTS ?? ''} --status-fd 2`.trim();
    environment.PATH = safePath(this.#options.environment.PATH).join(delimiter);
    if (this.#options.storeFolder !== undefined) environment.PASSWORD_STORE_DIR = this.#options.storeFolder;
    return environment;
  }
}

/** By the messages of pass and gopass. */
export function isAbsent(stderr: string): boolean {
  return /is not in the password store/i.test(stderr);
}
