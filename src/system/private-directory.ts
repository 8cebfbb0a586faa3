import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { hasCode } from './error-code.ts';

/** Why a folder is no place for secrets. */
export type DirectoryFault = 'a link' | 'no folder' | "another's" | 'open';

/** As `ssh` treats its folder: null where it is ours, a real folder, and closed to everyone else. */
export function directoryFault(path: string): DirectoryFault | null {
  const stat = fs.lstatSync(path);
  if (stat.isSymbolicLink()) return 'a link';
  if (!stat.isDirectory()) return 'no folder';
  if (stat.uid !== process.getuid?.()) return "another's";
  return (stat.mode & 0o077) === 0 ? null : 'open';
}

/**
 * Throws EACCES if root would write into a folder of another user, as `sudo -E awsh exec` does: what root leaves there would stop
 * that user's own awsh. The folder need not exist yet; then the one above it counts.
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

/** Makes a folder of our own, 0700 whatever the umask, with its parents, where there is nothing. */
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

/** Whatever the umask: one of 0177 would keep us out of what we make, for good. */
function makeOpenToUs(path: string): void {
  fs.mkdirSync(path, { mode: 0o700 });
  fs.chmodSync(path, 0o700);
}

/**
 * Makes a folder and those above it, 0700, where there are none. Throws a system error where that cannot be. Not Node's
 * `recursive`, which never returns where mkdir(2) says ENOENT below a folder that is there, as in /proc and below an automounter.
 */
export function makeFolders(path: string): void {
  if (fs.statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  requireOwnersFolder(dirname(path));
  if (makeFolder(path)) return;
  makeFolders(dirname(path));
  if (!makeFolder(path))
    throw Object.assign(new Error('no folder can be made there'), { code: 'ENOENT', path });
}

/** False where there is no folder above it. */
function makeFolder(path: string): boolean {
  try {
    makeOpenToUs(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT') && path !== dirname(path)) return false;
    if (!fs.statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
  return true;
}
