import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from './error-code.ts';
import { LockError } from './errors.ts';
import { ensurePrivateDirectory } from './files.ts';
import { printable } from './printable.ts';

export interface LockOptions {
  /** Gives up with a LockError (exit 10) after this long. */
  timeoutMs: number;
  /** A holder older than this is taken for dead even where its process id lives on. */
  staleMs: number;
  /** Called once, when the lock was not free for a second. */
  onWait?: () => void;
}

/**
 * Runs `work` while no other awsh holds the lock file. A holder that died, or that outlived `staleMs`, is replaced.
 * Never hold it while a person is asked.
 */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  ensurePrivateDirectory(dirname(path));
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
  try {
    return await work();
  } finally {
    release(path);
  }
}

function take(path: string, staleMs: number): boolean {
  if (create(path)) return true;
  if (!isStale(path, staleMs)) return false;
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
  return create(path);
}

function create(path: string): boolean {
  try {
    fs.writeFileSync(path, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function isStale(path: string, staleMs: number): boolean {
  try {
    const age = Date.now() - fs.statSync(path).mtimeMs;
    const holder = Number(fs.readFileSync(path, 'utf8'));
    // An empty file is a holder between open and write: give it a moment.
    return age > staleMs || age < -staleMs || (holder > 0 ? !isAlive(holder) : age > 1000);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

function release(path: string): void {
  if (fs.existsSync(path) && Number(fs.readFileSync(path, 'utf8')) === process.pid)
    fs.rmSync(path, { force: true });
}
