import * as fs from 'node:fs';
import { join } from 'node:path';
import { hasCode } from './error-code.ts';
import { VaultError } from './errors.ts';
import { ensurePrivateDirectory, writeFileAtomic } from './files.ts';
import type { AppPaths } from './paths.ts';
import { lstatIfThere } from './stat-if-there.ts';

type StatePath = Pick<AppPaths, 'state'>;

/** The file that `awsh lock` leaves (SECURITY 18): while it is there, every path to credentials is closed. */
export function lockMark(paths: StatePath): string {
  return join(paths.state, 'locked');
}

/** Also true for a mark that is there and cannot be read: a guard that fails must fail shut. */
export function isLocked(paths: StatePath): boolean {
  return lstatIfThere(lockMark(paths)) !== undefined;
}

/** Exit 5: `awsh lock` was run. */
export class AwshLockedError extends VaultError {
  override readonly name = 'VaultError';
}

/** For who meets an agent that locked itself by `lock_after`, on a disk that refused the mark. */
export function lockedWithoutMark(): AwshLockedError {
  return new AwshLockedError(
    'awsh is locked',
    'by lock_after; its mark cannot be written, so that shells keep what they have loaded',
    'awsh unlock',
  );
}

/** AwshLockedError (exit 5) while awsh is locked. */
export function refuseWhileLocked(paths: StatePath): void {
  if (isLocked(paths))
    throw new AwshLockedError('awsh is locked', 'by awsh lock, or by lock_after', 'awsh unlock');
}

export function putLockMark(paths: StatePath): void {
  ensurePrivateDirectory(paths.state);
  try {
    writeFileAtomic(lockMark(paths), 'awsh lock\n');
  } catch (error) {
    if (!hasCode(error, 'ENOSPC', 'EDQUOT', 'EFBIG')) throw error;
    // A full disk still takes a file without content, and that it is there is all that counts.
    fs.closeSync(fs.openSync(lockMark(paths), 'w', 0o600));
  }
}

/** True where there was one. */
export function removeLockMark(paths: StatePath): boolean {
  const was = isLocked(paths);
  if (was) fs.rmSync(lockMark(paths), { force: true });
  return was;
}
