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
 * The text of a file of this user's, or null if there is none. Throws VaultError, without reading
 * it, for a symbolic link, a pipe, a file of another user or of more than 16 MiB.
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

/** Writes like {@link writeFileAtomic}, mode 0600; throws VaultError if the disk refuses. */
export function writePrivateFile(path: string, text: string): void {
  try {
    writeFileAtomic(path, text, 0o600);
  } catch (error) {
    throw fileFault(error, path);
  }
}

/**
 * If root runs with another user's home, writes that only save work are skipped, as if the disk
 * refused them.
 */
function refusedToRoot(path: string): unknown {
  try {
    requireOwnersFolder(path);
  } catch (error) {
    return error;
  }
  return undefined;
}

/**
 * Like {@link ensurePrivateDirectory}, with exit 5 if others have access to it or if it cannot be
 * created.
 */
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
