// The connection of `awsh ssh`, which ends with its grant: ssh's master and the remote token.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine, jsonFields, quotePosix, type WatchedProcess } from '../system/index.ts';

export interface SshConnection {
  /** The absolute path of ssh. */
  readonly program: string;
  /** The process of `awsh ssh`. */
  readonly client: WatchedProcess;
  /** The name of the remote folder with the token: unguessable, and known before it is made. */
  readonly remoteName: string;
}

/** For each step of ending it, in milliseconds: the network may be gone. */
const stepMs = 2000;

/** The socket of ssh's master. */
export function controlPath(folder: string): string {
  return join(folder, 'ctl');
}

/** The remote folder, for the remote sh. */
export function remoteFolder({ remoteName }: Pick<SshConnection, 'remoteName'>): string {
  return `"\${XDG_RUNTIME_DIR:-/tmp}"/${remoteName}`;
}

/**
 * Removes the remote token, and ends ssh's master and with it the remote port. Never throws; does
 * nothing if the connection has ended.
 */
export function endConnection(folder: string, connection: SshConnection): void {
  const control = controlPath(folder);
  if (existsSync(control)) {
    const removal = `rm -rf ${remoteFolder(connection)}`;
    askMaster(control, connection, ['-T'], [`exec sh -c ${quotePosix(removal)}`]);
    askMaster(control, connection, ['-O', 'exit'], []);
  }
  for (const pid of clientsOf(control)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
  rmSync(control, { force: true });
}

/** Needs no config and no host, and cannot open another connection if the master is gone. */
function askMaster(
  control: string,
  { program }: SshConnection,
  options: readonly string[],
  words: readonly string[],
): void {
  const own = ['-F', 'none', '-S', control, '-o', 'ProxyCommand=false', '-o', 'BatchMode=yes'];
  spawnSync(program, [...own, ...options, '--', 'master', ...words], {
    stdio: 'ignore',
    timeout: stepMs,
    killSignal: 'SIGKILL',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
  });
}

/** The ssh processes that still use the control socket: a master that does not answer, or asks. */
function clientsOf(control: string): number[] {
  return processIds().filter((pid) => commandLine(pid)?.includes(control));
}

function processIds(): number[] {
  if (process.platform === 'linux')
    return readdirSync('/proc')
      .filter((name) => /^[1-9][0-9]*$/.test(name))
      .map(Number);
  const { stdout } = spawnSync('/bin/ps', ['-xo', 'pid=,comm='], { encoding: 'utf8', timeout: stepMs });
  return (stdout ?? '').split('\n').flatMap((line) => {
    const [, pid] = /^\s*(\d+)\s.*\bssh$/.exec(line) ?? [];
    return pid === undefined ? [] : [Number(pid)];
  });
}

/** Null if it is none. */
export function parseConnection(value: unknown): SshConnection | null {
  const { program, client, remoteName } = jsonFields(JSON.stringify(value ?? null));
  const { pid, started } = jsonFields(JSON.stringify(client ?? null));
  if (typeof program !== 'string' || typeof pid !== 'number' || typeof started !== 'string') return null;
  if (typeof remoteName !== 'string' || !/^awsh\.[0-9a-f]{32}$/.test(remoteName)) return null;
  return { program, client: { pid, started }, remoteName };
}
