import * as fs from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The PATH entries in which no other user can plant a program: absolute, folders, not writable by
 * everyone. A relative entry would run a repository's own `gpg`.
 */
export function safePath(path: string | undefined): string[] {
  return (path ?? '')
    .split(delimiter)
    .filter((folder) => folder.startsWith('/') && isClosedToOthers(folder, 'folder'));
}

/**
 * The program's absolute path by {@link safePath}; a name with a slash must itself be absolute.
 * Null if there is none.
 */
export function findProgram(name: string, path: string | undefined): string | null {
  const candidates = name.includes('/') ? [name] : safePath(path).map((folder) => join(folder, name));
  return (
    candidates.find((file) => file.startsWith('/') && isExecutable(file) && isClosedToOthers(file, 'file')) ??
    null
  );
}

function isClosedToOthers(path: string, kind: 'folder' | 'file'): boolean {
  try {
    const stat = fs.statSync(path);
    return (kind === 'folder' ? stat.isDirectory() : stat.isFile()) && (stat.mode & 0o002) === 0;
  } catch {
    return false;
  }
}

/** True if this process may run the file. */
export function isExecutable(path: string): boolean {
  try {
    fs.accessSync(path, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
