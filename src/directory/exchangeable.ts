import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { othersCanWrite } from '../system/index.ts';

/**
 * True if another user can put something else in the place of the file, by a folder on its path as written or with links
 * resolved. A hook must not open such a file by its name: a FIFO in its place would hold up the shell (security rule 26).
 */
export function othersCanExchange(path: string): boolean {
  const folder = dirname(path);
  try {
    return [folder, realpathSync.native(folder)].some(isOpenTree);
  } catch {
    return true;
  }
}

/** From the folder up to `/`. In a sticky folder (/tmp) others can add, but not exchange what is not theirs. */
function isOpenTree(folder: string): boolean {
  for (let path = folder; ; path = dirname(path)) {
    const stat = statSync(path);
    if (stat.uid !== 0 && stat.uid !== process.getuid?.()) return true;
    if (othersCanWrite(stat) && (stat.mode & 0o1000) === 0) return true;
    if (path === dirname(path)) return false;
  }
}
