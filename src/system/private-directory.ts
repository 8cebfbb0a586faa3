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

/** Makes a folder of our own, 0700 whatever the umask, with its parents, where there is nothing. */
export function makePrivateDirectory(path: string): void {
  if (fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined) return;
  fs.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    fs.mkdirSync(path, { mode: 0o700 });
    fs.chmodSync(path, 0o700);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}
