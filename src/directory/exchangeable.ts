import { lstatSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { othersCanWrite } from '../system/index.ts';
import { directoryFileName } from './find-directory-file.ts';

const mostLinks = 40;

/**
 * True if another user can put something else in the place of the directory file that decides in `cwd`. It is the file `path`,
 * or null for none; but a file that is not there now may be there when the hook looks. So all folders of `cwd` count.
 */
export function othersCanExchangeFileOf(cwd: string, path: string | null): boolean {
  return [join(cwd, directoryFileName), ...(path === null ? [] : [path])].some(othersCanExchange);
}

/**
 * True if another user can put something else in the place of the file, by a folder or a link on the way to it. A hook must not
 * open such a file by its name: a FIFO in its place would hold up the shell (security rule 26). The way is walked link by link,
 * as what a link in an open folder leads to now is not what it leads to next. The file itself need not be there.
 */
export function othersCanExchange(path: string): boolean {
  try {
    return isOpenWay(path);
  } catch {
    return true;
  }
}

function isOpenWay(path: string): boolean {
  const rest = path.split(sep).reverse();
  let folder: string = sep;
  let links = 0;
  while (rest.length > 0) {
    const name = rest.pop() ?? '';
    if (isOpenFolder(statSync(folder))) return true;
    if (name === '' || name === '.') continue;
    const next = name === '..' ? dirname(folder) : join(folder, name);
    const stat = lstatSync(next, { throwIfNoEntry: false });
    // The last one is the file itself.
    if (stat === undefined) return rest.length > 0;
    if (stat.isSymbolicLink()) {
      links += 1;
      if (links > mostLinks || isOthers(stat)) return true;
      const target = readlinkSync(next);
      if (target.startsWith(sep)) folder = sep;
      rest.push(...target.split(sep).reverse());
    } else {
      folder = next;
    }
  }
  return false;
}

/** In a sticky folder (/tmp) others can add, but not exchange what is not theirs. */
function isOpenFolder(stat: Stats): boolean {
  return isOthers(stat) || (othersCanWrite(stat) && (stat.mode & 0o1000) === 0);
}

function isOthers({ uid }: Stats): boolean {
  return uid !== 0 && uid !== process.getuid?.();
}
