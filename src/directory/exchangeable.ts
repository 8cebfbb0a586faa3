import { lstatSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { othersCanWrite } from '../system/index.ts';
import { directoryFileName } from './find-directory-file.ts';

const mostLinks = 40;

/**
 * True if another user can replace the directory file that applies in `cwd`: the file `path`, or
 * null for none. A file that does not exist now may exist when the hook looks, so all folders of
 * `cwd` are checked.
 */
export function othersCanExchangeFileOf(cwd: string, path: string | null): boolean {
  return [join(cwd, directoryFileName), ...(path === null ? [] : [path])].some(othersCanExchange);
}

/**
 * True if another user can replace the file, through a folder or a link in its path. A hook must
 * not open such a file by its name: a FIFO in its place would block the shell (security rule 26).
 * The path is followed link by link, because the target of a link in an open folder can change. The
 * file itself need not exist.
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

/** In a sticky folder (/tmp) others can add files, but not replace those of other users. */
function isOpenFolder(stat: Stats): boolean {
  return isOthers(stat) || (othersCanWrite(stat) && (stat.mode & 0o1000) === 0);
}

function isOthers({ uid }: Stats): boolean {
  return uid !== 0 && uid !== process.getuid?.();
}
