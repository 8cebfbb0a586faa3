import { lstatSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { hasCode } from '../system/index.ts';

export const directoryFileName = '.awsprofile';

/**
 * The path of the directory file that governs `cwd` (the shell's logical $PWD), or null. The nearest one decides,
 * whatever it is: unreadable, a folder, a link to nowhere; no ancestor is asked then (SECURITY 1).
 */
export function findDirectoryFile(cwd: string): string | null {
  if (!isAbsolute(cwd)) return null;
  for (let folder = cwd; ; folder = dirname(folder)) {
    const path = join(folder, directoryFileName);
    if (isThere(path)) return path;
    if (folder === dirname(folder)) return null;
  }
}

/** Where it cannot be known (a folder that may not be entered), there may be one. */
function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    return !hasCode(error, 'ENOENT', 'ENOTDIR', 'ENAMETOOLONG');
  }
}
