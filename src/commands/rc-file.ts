import * as fs from 'node:fs';
import { dirname } from 'node:path';
import {
  AwshError,
  followLinks,
  hasCode,
  makeDirectories,
  printable,
  readChecked,
  writeFileAtomic,
} from '../system/index.ts';

/**
 * The file's bytes, one character each, so that the user's own text is written back unchanged; null
 * if there is no file.
 */
export function readRc(path: string): string | null {
  try {
    return readChecked(path).toString('latin1');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
}

/** Why the user cannot edit the file, as with home-manager's files; null if the user can. */
export function whyReadOnly(path: string): string | null {
  const target = followLinks(path);
  const subject = target === path ? 'it' : `it leads to ${printable(target)}, which`;
  const stat = fs.statSync(target, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  if (!stat.isFile()) return `${subject} is not a plain file`;
  if ((stat.mode & 0o200) === 0) return `${subject} is read-only`;
  if (stat.uid !== process.getuid?.()) return `${subject} belongs to another user`;
  return isWritable(dirname(target)) ? null : `${subject} is in a read-only folder`;
}

/**
 * Replaces the file atomically. Keeps its mode and, if it is a symbolic link, the link. Null
 * removes it. Creates a missing folder. Throws AwshError if the file has changed since it was read
 * as `before`.
 */
export function writeRc(path: string, before: string | null, bytes: string | null): void {
  if (readRc(path) !== before) {
    throw new AwshError(
      'other',
      `${printable(path)} was not changed`,
      'another program changed it meanwhile',
      'awsh setup',
    );
  }
  if (bytes === null) {
    fs.rmSync(path, { force: true });
    return;
  }
  const target = followLinks(path);
  const stat = fs.statSync(target, { throwIfNoEntry: false });
  makeDirectories(dirname(target));
  writeFileAtomic(target, Buffer.from(bytes, 'latin1'), stat === undefined ? 0o644 : stat.mode & 0o7777);
}

function isWritable(folder: string): boolean {
  try {
    fs.accessSync(folder, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
