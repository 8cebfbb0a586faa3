import * as fs from 'node:fs';
import {
  ensurePrivateDirectory,
  hasCode,
  printable,
  shellCommand,
  VaultError,
  writeFileAtomic,
} from '../system/index.ts';
import { fileFault } from './vault-errors.ts';

const largestFile = 16 * 1024 * 1024;

/**
 * The text of a file of our own, or null where there is none. A symbolic link, a pipe, a file of another user or of more
 * than 16 MiB was planted: VaultError, unread.
 */
export function readPrivateFile(path: string): string | null {
  let fd: number;
  try {
    // Without O_NONBLOCK a planted pipe would hold us for ever.
    fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw fileFault(error, path);
  }
  try {
    const stat = fs.fstatSync(fd);
    const fault = !stat.isFile()
      ? 'it is not a plain file'
      : stat.uid !== process.getuid?.()
        ? 'it belongs to another user'
        : stat.size > largestFile
          ? 'it is far too large'
          : null;
    if (fault !== null)
      throw new VaultError(`will not read ${printable(path)}`, fault, shellCommand`ls -ld ${path}`);
    return fs.readFileSync(fd, 'utf8');
  } catch (error) {
    throw fileFault(error, path);
  } finally {
    fs.closeSync(fd);
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
      );
    }
    throw fileFault(error, path);
  }
}
