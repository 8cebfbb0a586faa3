import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { diskFault } from './disk-fault.ts';
import { hasCode } from './error-code.ts';
import { AwshError, LockError } from './errors.ts';
import { ensurePrivateDirectory, makeDirectories } from './files.ts';
import { printable } from './printable.ts';
import { requireOwnersFolder } from './private-directory.ts';
import { isAlive } from './process-alive.ts';
import { readChecked } from './read-checked.ts';

export interface LockOptions {
  /** In milliseconds: throws a LockError (exit 10) after this time. */
  timeoutMs: number;
  /** In milliseconds: a holder older than this is considered dead even if its process id exists. */
  staleMs: number;
  /** Called once, if the lock was not free for a second. */
  onWait?: () => void;
  /**
   * For a lock that only saves work: if the disk refuses it, this is called with the reason, and
   * the work is done without the lock. If it is undefined, the reason is thrown and nothing is
   * done.
   */
  onUnavailable?: (reason: unknown) => void;
  /**
   * Another path, for a lock that protects a file: in the folder of that file, which must be
   * writable anyway.
   */
  fallback?: string;
}

/**
 * Runs `work` while no other awsh process holds the lock file. A holder that has died, or is older
 * than `staleMs`, is replaced. Never hold it while the user is being asked.
 */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const held = await acquire(path, options);
  try {
    return await work();
  } finally {
    if (held !== null) release(held);
  }
}

/** The path of the lock file; null if the work continues without a lock. */
async function acquire(path: string, options: LockOptions): Promise<string | null> {
  try {
    ensurePrivateDirectory(dirname(path));
    await waitFor(path, options);
    return path;
  } catch (error) {
    if (error instanceof LockError) throw error;
    // A folder that is not safe (AwshError) is no better than a disk that refuses.
    const isRefused = error instanceof AwshError || diskFault(error) !== null;
    if (options.fallback !== undefined && isRefused) {
      makeDirectories(dirname(options.fallback));
      await waitFor(options.fallback, options);
      return options.fallback;
    }
    if (options.onUnavailable === undefined) throw error;
    options.onUnavailable(error);
    return null;
  }
}

async function waitFor(path: string, options: LockOptions): Promise<void> {
  const begun = Date.now();
  let told = false;
  while (!take(path, options.staleMs)) {
    const waited = Date.now() - begun;
    if (waited > options.timeoutMs) {
      throw new LockError(
        'another awsh is busy with this',
        `it holds ${printable(path)}`,
        'try again in a moment',
      );
    }
    if (waited > 1000 && !told) {
      told = true;
      options.onWait?.();
    }
    await sleep(20 + Math.random() * 30);
  }
}

function take(path: string, staleMs: number): boolean {
  if (create(path)) return true;
  return isStale(path, staleMs) && clear(path, staleMs) && create(path);
}

/**
 * Removes a lock or a lease whose holder has died; both begin with a line with its process id.
 * Never throws.
 */
export function removeDeadLock(path: string): void {
  try {
    const holder = /^([1-9][0-9]{0,9})\n/.exec(readChecked(path).toString('latin1'))?.[1];
    if (holder !== undefined && !isAlive(Number(holder))) clear(path, Number.POSITIVE_INFINITY);
  } catch {
    // Another process has removed it.
  }
}

function clear(path: string, staleMs: number): boolean {
  // Only one process may clear a stale lock, and it checks again; otherwise it could remove the
  // lock of the next holder.
  const guard = `${path}.clearing`;
  if (!create(guard)) {
    if (isStale(guard, 5000)) fs.rmSync(guard, { force: true });
    return false;
  }
  try {
    if (isStale(path, staleMs)) fs.rmSync(path, { force: true });
  } finally {
    fs.rmSync(guard, { force: true });
  }
  return true;
}

function create(path: string): boolean {
  let fd: number;
  requireOwnersFolder(dirname(path));
  try {
    fd = fs.openSync(path, 'wx', 0o600);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
  try {
    fs.writeSync(fd, `${process.pid}\n`);
    return true;
  } catch (error) {
    // A full disk still creates files: an empty lock would make the others wait for a holder that
    // does not exist.
    fs.rmSync(path, { force: true });
    throw error instanceof Error ? Object.assign(error, { path }) : error;
  } finally {
    fs.closeSync(fd);
  }
}

function isStale(path: string, staleMs: number): boolean {
  try {
    const age = Date.now() - fs.statSync(path).mtimeMs;
    const holder = Number(readChecked(path));
    // An empty file belongs to a holder that has opened and not yet written it: wait a moment.
    return age > staleMs || age < -staleMs || (holder > 0 ? !isAlive(holder) : age > 1000);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/**
 * The work under the lock is done, so an error of the disk must not undo it. Others will find that
 * the holder is dead.
 */
function release(path: string): void {
  try {
    if (Number(readChecked(path)) === process.pid) fs.rmSync(path, { force: true });
  } catch {
    // Already gone, or it cannot be removed.
  }
}
