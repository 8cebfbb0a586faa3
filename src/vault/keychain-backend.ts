import { type Environment, printable, Secret, VaultError } from '../system/index.ts';
import type { Backend } from './records.ts';
import { type SecretServiceState, secretServiceItem, secretServiceState } from './secret-service.ts';
import { lockedKeychain, notUnlocked } from './vault-errors.ts';

const service = 'awsh';
const another = 'try again, or choose another backend: export AWSH_BACKEND=file';
/** The schema name that keytar gives its items (its src/keytar_posix.cc). */
const keytarSchema = 'org.freedesktop.Secret.Generic';

/** In milliseconds: how long the keychain may take to answer. */
const probeMs = 2_000;
export interface KeychainOptions {
  /** The process's own environment, by which libsecret finds the session bus. */
  readonly environment: Environment;
  /**
   * False if there is no user at a terminal: a locked keychain is then not opened, because its
   * dialog would wait without end.
   */
  readonly canAsk: boolean;
  /** Prints one line for the user. */
  readonly notify: (line: string) => void;
  /**
   * In milliseconds: how long a call may take, because a dialog may be waiting for the user's
   * password. 60 s by default.
   */
  readonly callMs?: number;
}

/** Whether a keychain answers within two seconds. Asks no question and reads no secret. */
export async function probeKeychain(
  environment: Environment,
): Promise<{ works: true } | { works: false; why: string }> {
  try {
    if (process.platform === 'linux') {
      const state = await secretServiceState(environment, probeMs);
      if (state.is === 'unavailable') return { works: false, why: state.why };
      if (state.is === 'empty') return { works: false, why: 'the Secret Service has no keyring yet' };
      await keytar();
    } else {
      await within(probeMs, async () => (await keytar()).getPassword(service, 'awsh probe'));
    }
    return { works: true };
  } catch (error) {
    return {
      works: false,
      why: error instanceof VaultError ? (error.why ?? error.what) : 'it does not work here',
    };
  }
}

/**
 * The operating system's keychain through keytar: macOS Keychain, Secret Service. Uses only get,
 * set and delete, because keytar's findCredentials crashes the process on other programs' items.
 */
export class KeychainBackend implements Backend {
  readonly name = 'keychain';
  readonly #options: KeychainOptions;
  #ready: Promise<void> | undefined;
  /** Its own window may have asked the user for the password. */
  #askedToUnlock = false;

  constructor(options: KeychainOptions) {
    this.#options = options;
  }

  async get(item: string): Promise<Secret | null> {
    const atOnce = await this.#getAtOnce(item);
    if (atOnce !== null) return atOnce;
    const value = await this.#call('read from', (keychain) => keychain.getPassword(service, item));
    if (value === null && this.#askedToUnlock && (await this.isLocked()) === true) throw notUnlocked();
    return value === null ? null : new Secret(value);
  }

  async set(item: string, value: Secret): Promise<void> {
    await this.#call('write to', (keychain) => keychain.setPassword(service, item, value.reveal()));
  }

  async delete(item: string): Promise<boolean> {
    return this.#call('remove from', (keychain) => keychain.deletePassword(service, item));
  }

  /** A locked gnome-keyring answers a get as if the item did not exist. macOS fails instead. */
  async isLocked(): Promise<boolean | null> {
    if (process.platform !== 'linux') return false;
    const state = await secretServiceState(this.#options.environment, probeMs);
    return state.is === 'unavailable' ? null : state.is !== 'unlocked';
  }

  async #call<T>(doing: string, work: (keychain: Keytar) => Promise<T>): Promise<T> {
    this.#ready ??= this.#checkOnce();
    await this.#ready;
    try {
      return await within(this.#options.callMs ?? 60_000, async () => work(await keytar()));
    } catch (error) {
      if (error instanceof VaultError) throw error;
      if (process.platform === 'linux' && (await this.isLocked()) === true)
        throw this.#askedToUnlock ? notUnlocked() : lockedKeychain();
      // keytar's messages are the operating system's, and contain no text of an item.
      const why = error instanceof Error ? printable(error.message).slice(0, 200) : undefined;
      throw new VaultError(`could not ${doing} the keychain`, why, another);
    }
  }

  /**
   * Gets the item in the same conversation that checks the Secret Service: loading libsecret, with
   * a conversation of its own, would take three times as long. Null: keytar has other ways, and
   * asks the user if necessary.
   */
  async #getAtOnce(item: string): Promise<Secret | null> {
    if (process.platform !== 'linux' || this.#ready !== undefined) return null;
    const attributes = { service, account: item, 'xdg:schema': keytarSchema };
    const { state, value } = await secretServiceItem(this.#options.environment, attributes, probeMs);
    this.#ready = this.#check(state);
    await this.#ready;
    return value;
  }

  /** Checks the service, for at most 2 s, before keytar's thread calls it. */
  async #checkOnce(): Promise<void> {
    if (process.platform !== 'linux') return;
    await this.#check(await secretServiceState(this.#options.environment, probeMs));
  }

  async #check(state: SecretServiceState): Promise<void> {
    if (state.is === 'unavailable') throw unavailableKeychain(state.why);
    if (state.is !== 'locked') return;
    if (!this.#options.canAsk) throw lockedKeychain();
    this.#askedToUnlock = true;
    this.#options.notify('the keychain is locked: it may ask for its password in a window of its own');
  }
}

export function unavailableKeychain(why: string): VaultError {
  return new VaultError(
    'the keychain cannot be used',
    why,
    'sign in at the desktop, or choose another backend: export AWSH_BACKEND=file',
  );
}

interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
}

/** The only place that loads keytar. */
async function keytar(): Promise<Keytar> {
  try {
    return (await import('keytar')).default;
  } catch (error) {
    throw keytarFault(isMusl(), error);
  }
}

/** keytar has a program for musl, but looks only for the one for glibc. */
export function keytarFault(musl: boolean, cause?: unknown): VaultError {
  const what = 'the keychain cannot be used';
  if (musl) {
    const why = 'this system uses musl (Alpine Linux), and the keychain program is made for glibc';
    return new VaultError(what, why, 'choose another backend: export AWSH_BACKEND=file', cause);
  }
  const isLinux = process.platform === 'linux';
  const why = isLinux ? 'libsecret-1.so.0 is missing' : 'its native part does not load';
  const next = 'install libsecret, or choose another backend: export AWSH_BACKEND=file';
  return new VaultError(what, why, next, cause);
}

/** On Linux, Node reports the version of glibc that it uses, if it uses glibc. */
function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  // Without excludeNetwork, Node asks the name server for each open connection.
  const { header } = Object.assign(process.report, { excludeNetwork: true }).getReport() as {
    header?: { glibcVersionRuntime?: string };
  };
  return header !== undefined && header.glibcVersionRuntime === undefined;
}

/** Fails after `ms`. The call itself cannot be cancelled: see {@link leaveAtExit}. */
async function within<T>(ms: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      leaveAtExit();
      reject(new VaultError('the keychain did not answer', `it was given ${ms / 1000} seconds`, another));
    }, ms);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

let leaving = false;

/**
 * process.exit() waits for Node's threads, and one of them may wait for the keychain without end.
 * All output has been written by then, so the process kills itself, which does not wait.
 */
function leaveAtExit(): void {
  if (leaving) return;
  leaving = true;
  process.once('exit', () => process.kill(process.pid, 'SIGKILL'));
}
