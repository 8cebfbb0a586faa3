// The wall of `exec --only`: bubblewrap, with the paths to other credentials hidden.
import { spawnSync } from 'node:child_process';
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Context } from '../cli/index.ts';
import { type Environment, findProgram, quotePosix } from '../system/index.ts';

export interface Wall {
  readonly bubblewrap: string;
  /** How it separates the command from the rest of the system. */
  readonly separation: readonly string[];
}

/**
 * No capabilities: root could otherwise unmount what hides the files. bubblewrap drops them by
 * itself only for other users.
 */
const withoutPowers = ['--cap-drop', 'ALL', '--unshare-pid', '--proc', '/proc'];

/** Null if bubblewrap is not installed, or must not create namespaces here. */
export function findWall({ environment }: Pick<Context, 'environment'>): Wall | null {
  const bubblewrap = findProgram('bwrap', environment.PATH);
  if (bubblewrap === null) return null;
  for (const separation of [['--unshare-user', ...withoutPowers], withoutPowers]) {
    const words = ['--dev-bind', '/', '/', ...separation, 'true'];
    const tried = spawnSync(bubblewrap, words, { stdio: 'ignore', timeout: 5000 });
    if (tried.status === 0) return { bubblewrap, separation };
  }
  return null;
}

/**
 * The program that the launcher runs. It closes folders that were left open, because a program can
 * reach any file from an open folder. Other descriptors, as of `<(...)`, are the user's.
 */
export function wallScript(
  { bubblewrap, separation }: Wall,
  context: Pick<Context, 'paths' | 'environment'>,
  folder: string,
  words: readonly string[],
): string {
  const isRoot = process.getuid?.() === 0;
  const files = [...hiddenFiles(context), ...(isRoot ? filesForRoot() : [])];
  const options = [
    '--dev-bind',
    '/',
    '/',
    ...(isRoot ? ['--ro-bind', '/sys', '/sys'] : []),
    ...hiddenFolders(context).flatMap((path) => ['--tmpfs', path]),
    ...files.flatMap((path) => ['--ro-bind', '/dev/null', path]),
    '--ro-bind',
    folder,
    folder,
    ...separation,
  ];
  const wall = [bubblewrap, ...options, '--', ...words].map(quotePosix).join(' ');
  return `#!/bin/bash -p
rm -f -- "$0"
for fd in /proc/$$/fd/*; do
  [[ ! -d $fd || \${fd##*/} -le 2 ]] || eval "exec \${fd##*/}<&-"
done
exec ${wall}
`;
}

/**
 * Leaves everything in place except paths to other credentials: files, the keyring, the agent, and
 * programs that run commands outside of the wall.
 */
function hiddenFolders({ paths, environment }: Pick<Context, 'paths' | 'environment'>): string[] {
  const { home, awsConfig, awsCredentials, settings, data, state, cache, runtime, vault } = paths;
  const uid = process.getuid?.() ?? 0;
  const own = [dirname(awsConfig), dirname(awsCredentials), dirname(settings), data, state, cache, runtime];
  const others = ['.aws', '.gnupg', '.password-store', '.local/share/keyrings', '.screen'];
  const stores = [environment.PASSWORD_STORE_DIR, environment.GNUPGHOME, vault];
  const sockets = [environment.XDG_RUNTIME_DIR, `/run/user/${uid}`, ...terminalFolders(environment, uid)];
  const all = [...own, ...others.map((name) => join(home, name)), ...stores, ...sockets];
  return [...new Set(existing(all))].filter((path) => path !== '/' && path !== realPath(home));
}

/** Of tmux and screen, which run commands for every program that reaches their sockets. */
function terminalFolders({ TMUX_TMPDIR, SCREENDIR, USER }: Environment, uid: number): (string | undefined)[] {
  const screens = USER
    ? ['/run/screen', '/tmp/screens', '/tmp/uscreens'].map((path) => `${path}/S-${USER}`)
    : [];
  return [`/tmp/tmux-${uid}`, TMUX_TMPDIR && join(TMUX_TMPDIR, `tmux-${uid}`), SCREENDIR, ...screens];
}

/** AWS files that are links into another folder, and the sockets that a variable names. */
function hiddenFiles({ paths, environment }: Pick<Context, 'paths' | 'environment'>): string[] {
  const { DBUS_SESSION_BUS_ADDRESS: bus = '', TMUX = '' } = environment;
  const buses = [...bus.matchAll(/unix:(?:[^;]*,)?path=([^,;]+)/g)].map(([, path]) => path);
  const all = [paths.awsConfig, paths.awsCredentials, ...buses, TMUX.split(',')[0]];
  return existing(all).filter((path) => !statSync(path).isDirectory());
}

/** systemd and disks obey root even without capabilities. */
function filesForRoot(): string[] {
  const services = ['/run/systemd/private', '/run/dbus/system_bus_socket'];
  const disks = readdirSync('/dev', { withFileTypes: true })
    .filter((entry) => entry.isBlockDevice())
    .map(({ name }) => join('/dev', name));
  return [...existing(services), ...disks];
}

function existing(paths: readonly (string | undefined)[]): string[] {
  return paths.flatMap((path) => (path?.startsWith('/') ? (realPath(path) ?? []) : []));
}

/** bubblewrap does not hide what a link leads to. Null if it does not exist. */
function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
