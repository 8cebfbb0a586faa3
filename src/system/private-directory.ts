import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { hasCode } from './error-code.ts';

/** Why a folder is not safe for secrets. */
export type DirectoryFault = 'a link' | 'no folder' | "another's" | 'open';

/**
 * Checks a folder as `ssh` checks its own: null if it belongs to the user, is not a link, and is
 * closed to everyone else.
 */
export function directoryFault(path: string): DirectoryFault | null {
  const stat = fs.lstatSync(path);
  if (stat.isSymbolicLink()) return 'a link';
  if (!stat.isDirectory()) return 'no folder';
  if (stat.uid !== process.getuid?.()) return "another's";
  return (stat.mode & 0o077) === 0 ? null : 'open';
}

/**
 * Throws EACCES if root would write into another user's folder, as `sudo -E awsh exec` does: root's
 * files would stop that user's own awsh. If the folder does not exist yet, the one above it counts.
 */
export function requireOwnersFolder(folder: string): void {
  if (process.getuid?.() !== 0) return;
  for (let path = folder; ; path = dirname(path)) {
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    if (stat === undefined && path !== dirname(path)) continue;
    if (stat !== undefined && stat.uid !== 0)
      throw Object.assign(new Error('it belongs to another user'), { code: 'EACCES', path: folder });
    return;
  }
}

/** Creates a private folder, 0700 whatever the umask, with its parents, if it does not exist. */
export function makePrivateDirectory(path: string): void {
  if (fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined) return;
  requireOwnersFolder(dirname(path));
  makeFolders(dirname(path));
  try {
    makeOpenToUs(path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}

/** Whatever the umask: with 0177 awsh could not use the folder it creates. */
function makeOpenToUs(path: string): void {
  fs.mkdirSync(path, { mode: 0o700 });
  fs.chmodSync(path, 0o700);
}

/**
 * Creates a folder and its parents, 0700, if they do not exist. Throws a system error on failure.
 * Does not use Node's `recursive`, which never returns if mkdir(2) fails with ENOENT below an
 * existing folder, as in /proc and below an automounter.
 */
export function makeFolders(path: string): void {
  if (fs.statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  requireOwnersFolder(dirname(path));
  if (makeFolder(path)) return;
  makeFolders(dirname(path));
  if (!makeFolder(path))
    throw Object.assign(new Error('no folder can be made there'), { code: 'ENOENT', path });
}

/** False if there is no folder above it. */
function makeFolder(path: string): boolean {
  try {
    makeOpenToUs(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT') && path !== dirname(path)) return false;
    if (fs.statSync(path, { throwIfNoEntry: false })?.isDirectory()) return true;
    // A file, or a link to nowhere, as to a disk that is not mounted.
    if (hasCode(error, 'EEXIST'))
      throw Object.assign(new Error('it is not a folder'), { code: 'ENOTDIR', path });
    throw error;
  }
  return true;
}

/**
 * After something in `folder` was removed: removes it and its parents below the home, as long as
 * they are empty and look as {@link makeFolders} makes them: 0700, the user's own, and no link.
 */
export function removeMadeFolders(folder: string, home: string): void {
  for (let path = folder; path.startsWith(`${home}/`); path = dirname(path)) {
    const stat = fs.lstatSync(path, { throwIfNoEntry: false });
    const isMade = stat?.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o7777) === 0o700;
    if (stat !== undefined && !(isMade && removeIfEmpty(path))) return;
  }
}

/** False if the folder is still there, because it is not empty. */
export function removeIfEmpty(folder: string): boolean {
  try {
    fs.rmdirSync(folder);
  } catch (error) {
    if (hasCode(error, 'ENOTEMPTY', 'EEXIST')) return false;
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  return true;
}
