import { delimiter } from 'node:path';
import {
  type Environment,
  findProgram,
  printable,
  Secret,
  safePath,
  UsageError,
  VaultError,
} from '../system/index.ts';
import { fileNameOf } from './item-name.ts';
import { type FailedCall, passFault } from './pass-faults.ts';
import type { Backend } from './records.ts';

export interface PassOptions {
  readonly environment: Environment;
  /** The program: a name to look up in PATH, or an absolute path. */
  readonly command?: string | undefined;
  /** The password store, instead of PASSWORD_STORE_DIR and ~/.password-store. */
  readonly storeFolder?: string | undefined;
  /** The folder of our items within the store. */
  readonly prefix?: string | undefined;
}

/** A person may be typing the passphrase of a gpg key meanwhile. */
const longestCallMs = 120_000;

/** What gpg, its agent and its pinentry need. Credentials of the shell are none of it. */
const passedOn =
  /^(HOME|USER|LOGNAME|LANG|LANGUAGE|LC_\w+|TERM|TZ|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_RUNTIME_DIR|DBUS_SESSION_BUS_ADDRESS|GNUPGHOME|GPG_TTY|GPG_AGENT_INFO|PINENTRY_USER_DATA|SSH_AUTH_SOCK|PASSWORD_STORE_(DIR|KEY|GPG_OPTS|SIGNING_KEY|UMASK))$/;

/** The `pass` program (passwordstore.org): secrets go in by its stdin, come out by its stdout, never by an argument. */
export class PassBackend implements Backend {
  readonly name = 'pass';
  readonly #options: PassOptions;
  readonly #prefix: string;

  constructor(options: PassOptions) {
    this.#options = options;
    this.#prefix = cleanPrefix(options.prefix ?? 'awsh');
  }

  async get(item: string): Promise<Secret | null> {
    const result = await this.#run(['show', this.#path(item)]);
    if (result.ok) return new Secret(result.stdout);
    if (isAbsent(result.stderr)) return null;
    throw this.#fault('read', item, result.stderr);
  }

  async set(item: string, value: Secret): Promise<void> {
    const result = await this.#run(['insert', '-m', '-f', this.#path(item)], value);
    if (!result.ok) throw this.#fault('write', item, result.stderr);
  }

  async delete(item: string): Promise<boolean> {
    const result = await this.#run(['rm', '-f', this.#path(item)]);
    if (!result.ok && !isAbsent(result.stderr)) throw this.#fault('remove', item, result.stderr);
    return result.ok;
  }

  #fault(doing: FailedCall['doing'], item: string, stderr: string): VaultError {
    const { PASSWORD_STORE_DIR: named, HOME } = this.#environment();
    return passFault({ doing, item, store: printable(named ?? `${HOME}/.password-store`) }, stderr);
  }

  #path(item: string): string {
    return `${this.#prefix}/${fileNameOf(item)}`;
  }

  /** What it printed; its stdout may be a secret and goes into no error. */
  async #run(args: string[], input?: Secret): Promise<{ ok: boolean; stdout: string; stderr: string }> {
    const program = this.#program();
    const { execa } = await import('execa');
    const result = await execa(program, args, {
      reject: false,
      env: this.#environment(),
      extendEnv: false,
      timeout: longestCallMs,
      stripFinalNewline: false,
      // `pass show` asks `tty` for the terminal that pinentry is to use; nothing here reads from it.
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
      'PATH was searched, without relative folders and those that everybody can write to',
      'install pass, or choose another backend: AWSH_BACKEND=file',
    );
  }

  #environment(): Record<string, string> {
    const environment: Record<string, string> = {};
    for (const [name, value] of Object.entries(this.#options.environment)) {
      if (value !== undefined && passedOn.test(name)) environment[name] = value;
    }
    // What passes for an error of gpg's is told apart by its status lines.
    environment.PASSWORD_STORE_GPG_OPTS = `${environment.PASSWORD_STORE_GPG_OPTS ?? ''} --status-fd 2`.trim();
    environment.PATH = safePath(this.#options.environment.PATH).join(delimiter);
    if (this.#options.storeFolder !== undefined) environment.PASSWORD_STORE_DIR = this.#options.storeFolder;
    return environment;
  }
}

function cleanPrefix(prefix: string): string {
  const folders = prefix.split('/').filter((folder) => folder !== '');
  const odd = folders.some(
    (folder) => folder.startsWith('.') || folder.startsWith('-') || printable(folder) !== folder,
  );
  if (odd)
    throw new UsageError(
      'the prefix for pass is not a plain folder name',
      undefined,
      'AWSH_PASS_PREFIX=awsh',
    );
  return folders.length === 0 ? 'awsh' : folders.join('/');
}

/** In the words of pass and of gopass. */
function isAbsent(stderr: string): boolean {
  return /is not in the password store/i.test(stderr);
}
