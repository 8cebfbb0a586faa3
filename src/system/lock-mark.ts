import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { hasCode } from './error-code.ts';
import { VaultError } from './errors.ts';
import { ensurePrivateDirectory, writeFileAtomic } from './files.ts';
import type { AppPaths } from './paths.ts';
import { runtimeBase } from './runtime-path.ts';
import { lstatIfThere } from './stat-if-there.ts';

type LockPaths = Pick<AppPaths, 'state' | 'secondLock'>;

/**
 * The file that `awsh lock` creates (security rule 18): while it exists, no path leads to
 * credentials. If the state folder refuses it, `secondLock` means the same for every process with
 * this XDG_RUNTIME_DIR, until the folder is removed at logout.
 */
function lockMark({ state }: LockPaths): string {
  return join(state, 'locked');
}

/**
 * Also true for a mark that exists and cannot be read: if the check fails, awsh must stay locked.
 */
export function isLocked(paths: LockPaths): boolean {
  return lstatIfThere(lockMark(paths)) !== undefined || hasSecondMark(paths);
}

/** True only for a mark of the user's own: XDG_RUNTIME_DIR may be another user's, as after su. */
function hasSecondMark({ secondLock }: LockPaths): boolean {
  if (secondLock === undefined) return false;
  try {
    return lstatIfThere(secondLock)?.uid === process.geteuid?.();
  } catch (error) {
    // A runtime folder that this user cannot enter is not the user's.
    if (hasCode(error, 'EACCES', 'EPERM')) return false;
    throw error;
  }
}

/** Exit 5: `awsh lock` was run. */
export class AwshLockedError extends VaultError {
  override readonly name = 'VaultError';
}

/** For clients of an agent that locked itself by `lock_after` while the disk refused the mark. */
export function lockedWithoutMark(): AwshLockedError {
  return new AwshLockedError(
    'awsh is locked',
    'by lock_after; its mark cannot be written, so loaded shells keep their credentials',
    'awsh unlock',
  );
}

/** Throws AwshLockedError (exit 5) while awsh is locked. */
export function refuseWhileLocked(paths: LockPaths): void {
  if (isLocked(paths))
    throw new AwshLockedError('awsh is locked', 'by awsh lock, or by lock_after', 'awsh unlock');
}

/**
 * Puts the mark in the state folder, or else in the runtime folder. Returns the error of the state
 * folder in the second case. Throws that error if neither accepts the mark.
 */
export function putLockMark(paths: LockPaths): { readonly error: unknown } | null {
  if (lstatIfThere(lockMark(paths)) !== undefined) return null;
  try {
    putMark(lockMark(paths));
    return null;
  } catch (error) {
    if (!putSecondMark(paths)) throw error;
    return { error };
  }
}

function putSecondMark(paths: LockPaths): boolean {
  if (paths.secondLock === undefined) return false;
  if (hasSecondMark(paths)) return true;
  // Only a folder that is there: awsh never makes one for XDG_RUNTIME_DIR itself.
  if (runtimeBase(dirname(dirname(paths.secondLock))) === undefined) return false;
  try {
    putMark(paths.secondLock);
    return true;
  } catch {
    return false;
  }
}

function putMark(mark: string): void {
  ensurePrivateDirectory(dirname(mark));
  try {
    writeFileAtomic(mark, 'awsh lock\n');
  } catch (error) {
    if (!hasCode(error, 'ENOSPC', 'EDQUOT', 'EFBIG')) throw error;
    // A full disk still accepts an empty file, and only its existence counts.
    fs.closeSync(fs.openSync(mark, 'w', 0o600));
  }
}

/** True if there was one. */
export function removeLockMark(paths: LockPaths): boolean {
  const was = isLocked(paths);
  // Whatever is there locks awsh, so it goes even if it is a folder.
  if (was) fs.rmSync(lockMark(paths), { force: true, recursive: true });
  if (paths.secondLock !== undefined && hasSecondMark(paths))
    fs.rmSync(paths.secondLock, { force: true, recursive: true });
  return was;
}
