import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { diskFault } from './disk-fault.ts';
import { hasCode } from './error-code.ts';
import { LockError } from './errors.ts';
import { ensurePrivateDirectory, makeDirectories } from './files.ts';
import { printable } from './printable.ts';
import { requireOwnersFolder } from './private-directory.ts';
import { isAlive } from './process-alive.ts';
import { readChecked } from './read-checked.ts';

export interface LockOptions {
  /** Gives up with a LockError (exit 10) after this long. */
  timeoutMs: number;
  /** A holder older than this is taken for dead even where its process id lives on. */
  staleMs: number;
  /** Called once, when the lock was not free for a second. */
  onWait?: () => void;
  /**
   * For a lock that only saves work: where it cannot be made, because the disk refuses, this is called with the reason and
   * the work is done without it. Where this is absent, the reason is thrown and nothing is done.
   */
  onUnavailable?: (reason: unknown) => void;
  /** Another place for a lock that guards a file: beside that file, which is to be written anyway. */
  fallback?: string;
}

/**
 * Runs `work` while no other awsh holds the lock file. A holder that died, or that outlived `staleMs`, is replaced.
 * Never hold it while a person is asked.
 */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const held = await acquire(path, options);
  try {
    return await work();
  } finally {
    if (held !== null) release(held);
  }
}

/** The lock file that is held; null where the work goes on without. */
async function acquire(path: string, options: LockOptions): Promise<string | null> {
  try {
    ensurePrivateDirectory(dirname(path));
    await waitFor(path, options);
    return path;
  } catch (error) {
    if (error instanceof LockError) throw error;
    if (options.fallback !== undefined && diskFault(error) !== null) {
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

/** Removes a lock or a lease whose holder has died: both begin with its number, in a line. Throws nothing. */
export function removeDeadLock(path: string): void {
  try {
    const holder = /^([1-9][0-9]{0,9})\n/.exec(readChecked(path).toString('latin1'))?.[1];
    if (holder !== undefined && !isAlive(Number(holder))) clear(path, Number.POSITIVE_INFINITY);
  } catch {
    // Another process has removed it.
  }
}

function clear(path: string, staleMs: number): boolean {
  // Only one process may clear a stale lock, and it looks again: else it could remove the lock of the next holder.
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
    // A full disk still makes files: an empty lock would keep the others waiting for a holder that there is not.
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
    // An empty file is a holder between open and write: give it a moment.
    return age > staleMs || age < -staleMs || (holder > 0 ? !isAlive(holder) : age > 1000);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/** What was done under the lock is done: a disk that refuses now must not undo it. Others find that the holder is dead. */
function release(path: string): void {
  try {
    if (Number(readChecked(path)) === process.pid) fs.rmSync(path, { force: true });
  } catch {
    // Gone already, or it cannot be removed.
  }
}
