import type { Stats } from 'node:fs';
import {
  ensurePrivateDirectory,
  hasCode,
  largestFile,
  printable,
  readChecked,
  requireOwnersFolder,
  shellCommand,
  VaultError,
  writeFileAtomic,
} from '../system/index.ts';
import { fileFault } from './vault-errors.ts';

/**
 * The text of a file of our own, or null where there is none. A symbolic link, a pipe, a file of another user or of more
 * than 16 MiB was planted: VaultError, unread.
 */
export function readPrivateFile(path: string): string | null {
  const check = (stat: Stats) => {
    const fault = !stat.isFile()
      ? 'it is not a plain file'
      : stat.uid !== process.getuid?.()
        ? 'it belongs to another user'
        : stat.size > largestFile
          ? 'it is too large'
          : null;
    if (fault !== null)
      throw new VaultError(`will not read ${printable(path)}`, fault, shellCommand`ls -ld ${path}`);
  };
  try {
    return readChecked(path, { follow: false, check }).toString('utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw fileFault(error, path);
  }
}

/** Writes as {@link writeFileAtomic}, 0600; what the disk refuses is a VaultError. */
export function writePrivateFile(path: string, text: string): void {
  try {
    writeFileAtomic(path, text, 0o600);
  } catch (error) {
    throw fileFault(error, path);
  }
}

/** Where root works with another user's home, what only saves work goes on without it, as where the disk refuses. */
function refusedToRoot(path: string): unknown {
  try {
    requireOwnersFolder(path);
  } catch (error) {
    return error;
  }
  return undefined;
}

/** As {@link ensurePrivateDirectory}, with exit 5 where it is not ours alone or cannot be made. */
export function ensureVaultDirectory(path: string): void {
  try {
    ensurePrivateDirectory(path);
  } catch (error) {
    if (error instanceof Error && 'what' in error) {
      throw new VaultError(
        `${printable(path)} is not safe to keep secrets in`,
        String('why' in error ? error.why : ''),
        'next' in error && typeof error.next === 'string' ? error.next : undefined,
        refusedToRoot(path),
      );
    }
    throw fileFault(error, path);
  }
}
