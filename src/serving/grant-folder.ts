// A grant (`awsh serve`) on disk: a folder with a socket, a token, and the data for `awsh serve
// --list`.
import * as fs from 'node:fs';
import { join } from 'node:path';
import {
  type AppPaths,
  AwshError,
  checkPrivateDirectory,
  createFileAtomic,
  hasCode,
  isRunning,
  jsonFields,
  makePrivateDirectory,
  printable,
  readOwnFile,
  type Secret,
  shellCommand,
  type WatchedProcess,
  withLock,
  writeFileAtomic,
} from '../system/index.ts';
import type { GrantOrders } from './server-orders.ts';
import { endConnection, parseConnection } from './ssh-connection.ts';

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

/**
 * Makes this server the only one of the grant: the record is created, or the name is taken. Nothing
 * else in the folder may be touched before. AwshError (exit 1) if another server has the name.
 */
export function claimGrant(grant: RunningGrant): void {
  try {
    createFileAtomic(grantFiles(grant.folder).record, `${JSON.stringify(grant)}\n`, 0o600);
  } catch (error) {
    throw hasCode(error, 'EEXIST') ? takenName(grant.id) : error;
  }
}

export function takenName(id: string): AwshError {
  return new AwshError(
    'other',
    `there is a grant ${id} already`,
    'its server runs',
    shellCommand`awsh serve --revoke ${id}`,
  );
}

/**
 * Removes the socket, the token and the record; the folder, too, if no container can have mounted
 * it by its name.
 */
export function removeGrant({ folder, isNamed }: Pick<GrantOrders, 'folder' | 'isNamed'>): void {
  for (const path of Object.values(grantFiles(folder))) fs.rmSync(path, { force: true });
  removeGrantFolder({ folder, isNamed });
}

/** Removes the folder if it is empty, and no container and no other start can use it by its name. */
export function removeGrantFolder({ folder, isNamed }: Pick<GrantOrders, 'folder' | 'isNamed'>): void {
  try {
    if (!isNamed) fs.rmdirSync(folder);
  } catch {
    // It no longer exists, or contains something else.
  }
}

/** The grants whose servers are running, by name. Removes what a killed server has left. */
export async function runningGrants({ runtime }: Pick<AppPaths, 'runtime'>): Promise<RunningGrant[]> {
  const all = join(runtime, 'grants');
  const running: RunningGrant[] = [];
  for (const id of namesIn(all)) {
    const grant = readRecord(join(all, id), id);
    if (grant === null) continue;
    if (isRunning(grant.server)) running.push(grant);
    else await removeDeadGrant(grant);
  }
  return running;
}

/**
 * Under a lock: a new server can claim the name only after the record of the dead one is gone, so
 * that a second removal must not take the new record.
 */
export async function removeDeadGrant({ folder, id }: Pick<RunningGrant, 'folder' | 'id'>): Promise<void> {
  const lock = join(folder, '..', '.removing');
  // A full disk: the grant is removed all the same.
  const options = { timeoutMs: 20_000, staleMs: 60_000, onUnavailable: () => {} };
  await withLock(lock, options, async () => {
    const grant = readRecord(folder, id);
    if (grant === null || isRunning(grant.server)) return;
    if (grant.connection !== null) endConnection(folder, grant.connection);
    removeGrant(grant);
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
    const { profile, narrowing, ends, server, isNamed, connection } = jsonFields(text);
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
      connection: parseConnection(connection),
      server: { pid, started },
    };
  } catch {
    return null;
  }
}
