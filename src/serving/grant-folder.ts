// A grant (`awsh serve`) on disk: a folder with a socket, a token, and the data for `awsh serve
// --list`.
import * as fs from 'node:fs';
import { join } from 'node:path';
import {
  type AppPaths,
  AwshError,
  checkPrivateDirectory,
  isRunning,
  jsonFields,
  makePrivateDirectory,
  printable,
  readOwnFile,
  type Secret,
  type WatchedProcess,
  writeFileAtomic,
} from '../system/index.ts';
import type { GrantOrders } from './server-orders.ts';

/** A grant whose server is running. */
export interface RunningGrant extends GrantOrders {
  readonly server: WatchedProcess;
}

/** The form of a grant's name, which is part of a path and a word of a command line. */
export const grantIdPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/;

/** sockaddr_un has room for 108 bytes on Linux and 104 on macOS, including a final zero. */
const longestSocket = 103;

export function grantFiles(folder: string) {
  const file = (name: string) => join(folder, name);
  return { socket: file('sock'), token: file('token'), record: file('grant') };
}

/**
 * Creates the folder of a grant, 0700 in a folder that is 0700. Throws AwshError (exit 1) if others
 * can use an existing one.
 */
export function makeGrantFolder({ runtime }: Pick<AppPaths, 'runtime'>, id: string): string {
  const all = join(runtime, 'grants');
  const folder = join(all, id);
  const { socket } = grantFiles(folder);
  if (Buffer.byteLength(socket) > longestSocket)
    throw new AwshError(
      'other',
      'the path of the socket would be too long',
      `${printable(socket)} has more than ${longestSocket} bytes; set XDG_RUNTIME_DIR to a shorter folder of your own`,
      'ls -ld /run/user/$(id -u)',
    );
  for (const path of [runtime, all, folder]) {
    makePrivateDirectory(path);
    checkPrivateDirectory(path);
  }
  return folder;
}

/** SDKs use the token unchanged, so there is no line end. */
export function writeGrantToken(folder: string, token: Secret): void {
  writeFileAtomic(grantFiles(folder).token, token.reveal());
}

export function writeGrantRecord(grant: RunningGrant): void {
  writeFileAtomic(grantFiles(grant.folder).record, `${JSON.stringify(grant)}\n`);
}

/**
 * Removes the socket, the token and the record; the folder, too, if no container can have mounted
 * it by its name.
 */
export function removeGrant({ folder, isNamed }: Pick<GrantOrders, 'folder' | 'isNamed'>): void {
  for (const path of Object.values(grantFiles(folder))) fs.rmSync(path, { force: true });
  try {
    if (!isNamed) fs.rmdirSync(folder);
  } catch {
    // It no longer exists, or contains something else.
  }
}

/** The grants whose servers are running, by name. Removes what a killed server has left. */
export function runningGrants({ runtime }: Pick<AppPaths, 'runtime'>): RunningGrant[] {
  const all = join(runtime, 'grants');
  return namesIn(all).flatMap((id) => {
    const folder = join(all, id);
    const grant = readRecord(folder, id);
    if (grant !== null && isRunning(grant.server)) return [grant];
    if (grant !== null) removeGrant(grant);
    return [];
  });
}

function namesIn(folder: string): string[] {
  try {
    return fs
      .readdirSync(folder)
      .filter((name) => grantIdPattern.test(name))
      .sort();
  } catch {
    return [];
  }
}

function readRecord(folder: string, id: string): RunningGrant | null {
  try {
    const text = readOwnFile(grantFiles(folder).record, 8192).toString('utf8');
    const { profile, narrowing, ends, server, isNamed } = jsonFields(text);
    const { pid, started } = jsonFields(JSON.stringify(server ?? null));
    if (typeof profile !== 'string' || typeof ends !== 'number') return null;
    if (typeof pid !== 'number' || typeof started !== 'string') return null;
    const narrowed = typeof narrowing === 'string' ? narrowing : null;
    return {
      folder,
      id,
      isNamed: isNamed === true,
      profile,
      narrowing: narrowed,
      ends,
      server: { pid, started },
    };
  } catch {
    return null;
  }
}
