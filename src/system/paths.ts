import { existsSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { printable } from './printable.ts';
import { shellWord } from './quote-posix.ts';
import { runtimeBase } from './runtime-path.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The paths of all of awsh's files and folders. Absolute; the only one that is checked on disk is
 * XDG_RUNTIME_DIR.
 */
export interface AppPaths {
  home: string;
  settings: string;
  data: string;
  vault: string;
  index: string;
  trust: string;
  runtime: string;
  leases: string;
  state: string;
  /** The mark of a lock if the state folder refuses it. Undefined without an XDG_RUNTIME_DIR. */
  secondLock: string | undefined;
  locks: string;
  cache: string;
  profileNames: string;
  awsConfig: string;
  awsCredentials: string;
}

/**
 * One of the {@link AppPaths}, without the cost of the others. A hook passes the paths at the time
 * it was sourced in AWSH_CACHE_FOLDER and AWSH_STATE_FOLDER (security rule 24).
 */
export function cachePath(environment: Environment): string {
  return (
    absolute(environment.AWSH_CACHE_FOLDER) ?? join(base(environment, 'XDG_CACHE_HOME', '.cache'), 'awsh')
  );
}

export function statePath(environment: Environment): string {
  return (
    absolute(environment.AWSH_STATE_FOLDER) ??
    join(base(environment, 'XDG_STATE_HOME', '.local/state'), 'awsh')
  );
}

/**
 * Follows the XDG base directory rules: a relative or empty XDG_* value counts as unset, and so
 * does an XDG_RUNTIME_DIR that cannot be used.
 */
export function appPaths(environment: Environment): AppPaths {
  const home = homeFolder(environment);
  const data = join(base(environment, 'XDG_DATA_HOME', '.local/share'), 'awsh');
  const state = statePath(environment);
  const cache = cachePath(environment);
  const folder = runtimeBase(environment.XDG_RUNTIME_DIR);
  const runtime = folder === undefined ? state : join(folder, 'awsh');
  return {
    home,
    settings: join(base(environment, 'XDG_CONFIG_HOME', '.config'), 'awsh', 'config'),
    data,
    vault: join(data, 'vault'),
    index: join(data, 'index.json'),
    trust: join(data, 'trust'),
    runtime,
    leases: join(runtime, 'leases'),
    state,
    secondLock: secondLock(environment),
    locks: join(state, 'locks'),
    cache,
    profileNames: join(cache, 'profiles'),
    awsConfig: expandHome(environment.AWS_CONFIG_FILE, home) ?? join(home, '.aws', 'config'),
    awsCredentials:
      expandHome(environment.AWS_SHARED_CREDENTIALS_FILE, home) ?? join(home, '.aws', 'credentials'),
  };
}

/**
 * Not checked on disk: a mark in a folder that has become read-only still counts. The hooks and the
 * launcher look at the same path.
 */
function secondLock({ XDG_RUNTIME_DIR }: Environment): string | undefined {
  const folder = absolute(XDG_RUNTIME_DIR);
  return folder === undefined ? undefined : join(folder, 'awsh', 'locked');
}

function base(environment: Environment, name: string, fallback: string): string {
  return absolute(environment[name]) ?? join(homeFolder(environment), fallback);
}

/** Used for a user without a home: it does not exist, and nothing is created below it. */
const noHome = '/no-home';

export function isBelowNoHome(path: string): boolean {
  return path.startsWith(`${noHome}/`);
}

/**
 * The user's home: HOME if it is an absolute path, else the path in the user database. An empty or
 * relative HOME must not make the working directory the home, as os.homedir() would.
 */
export function homeFolder(environment: Environment): string {
  return absolute(environment.HOME) ?? registeredHome() ?? noHome;
}

/** Why there is no home, and the command that gives one; null if the folder exists. */
export function homeFault(home: string): { readonly why: string; readonly next: string } | null {
  if (existsSync(home)) return null;
  const registered = registeredHome();
  const why = isBelowNoHome(`${home}/`)
    ? 'HOME is not set, and the user database names no home for this user'
    : `the home ${printable(home)} does not exist`;
  const isThere = registered !== undefined && existsSync(registered);
  return { why, next: isThere ? `export HOME=${shellWord(registered)}` : 'export HOME="$(mktemp -d)"' };
}

/** Undefined for a user who is not in the user database, as in many containers. */
function registeredHome(): string | undefined {
  try {
    const home = absolute(userInfo().homedir);
    // System accounts have these instead of a home.
    return home === '/nonexistent' || home === '/dev/null' ? undefined : home;
  } catch {
    return undefined;
  }
}

function absolute(path: string | undefined): string | undefined {
  return path?.startsWith('/') ? path : undefined;
}

/**
 * The SDKs themselves expand a leading `~/` in AWS_CONFIG_FILE; a relative path is resolved from
 * the working directory.
 */
function expandHome(path: string | undefined, home: string): string | undefined {
  if (path === undefined || path === '') return undefined;
  return path === '~' || path.startsWith('~/')
    ? join(home, path.slice(1))
    : join(path.startsWith('/') ? '' : process.cwd(), path);
}

/**
 * The working directory as its shell shows it: $PWD, including links, if that is the same folder
 * (POSIX, `pwd -L`). In a removed folder there is nothing to compare, so $PWD is used.
 */
export function workingDirectory(environment: Environment): string {
  const shown = absolute(environment.PWD);
  let real: string;
  try {
    real = process.cwd();
  } catch {
    return shown ?? '/';
  }
  return shown !== undefined && isSameFolder(shown, real) ? shown : real;
}

function isSameFolder(a: string, b: string): boolean {
  const [left, right] = [a, b].map((path) => statSync(path, { throwIfNoEntry: false }));
  return left !== undefined && left.ino === right?.ino && left.dev === right.dev;
}
