import * as fs from 'node:fs';
import { join } from 'node:path';
import { hasCode } from './error-code.ts';
import { VaultError } from './errors.ts';
import { ensurePrivateDirectory, writeFileAtomic } from './files.ts';
import type { AppPaths } from './paths.ts';
import { lstatIfThere } from './stat-if-there.ts';

type StatePath = Pick<AppPaths, 'state'>;

/**
 * The file that `awsh lock` creates (security rule 18): while it exists, no path leads to
 * credentials.
 */
export function lockMark(paths: StatePath): string {
  return join(paths.state, 'locked');
}

/**
 * Also true for a mark that exists and cannot be read: if the check fails, awsh must stay locked.
 */
export function isLocked(paths: StatePath): boolean {
  return lstatIfThere(lockMark(paths)) !== undefined;
}

/** Exit 5: `awsh lock` was run. */
export class AwshLockedError extends VaultError {
  override readonly name = 'VaultError';
}

/** For clients of an agent that locked itself by `lock_after` while the disk refused the mark. */
export function lockedWithoutMark(): AwshLockedError {
  return new AwshLockedError(
    'awsh is locked',
    'by lock_after; its mark cannot be written, so that shells keep what they have loaded',
    'awsh unlock',
  );
}

/** Throws AwshLockedError (exit 5) while awsh is locked. */
export function refuseWhileLocked(paths: StatePath): void {
  if (isLocked(paths))
    throw new AwshLockedError('awsh is locked', 'by awsh lock, or by lock_after', 'awsh unlock');
}

export function putLockMark(paths: StatePath): void {
  if (isLocked(paths)) return;
  ensurePrivateDirectory(paths.state);
  try {
    writeFileAtomic(lockMark(paths), 'awsh lock\n');
  } catch (error) {
    if (!hasCode(error, 'ENOSPC', 'EDQUOT', 'EFBIG')) throw error;
    // A full disk still accepts an empty file, and only its existence counts.
    fs.closeSync(fs.openSync(lockMark(paths), 'w', 0o600));
  }
}

/** True if there was one. */
export function removeLockMark(paths: StatePath): boolean {
  const was = isLocked(paths);
  // Whatever is there locks awsh, so it goes even if it is a folder.
  if (was) fs.rmSync(lockMark(paths), { force: true, recursive: true });
  return was;
}
