import * as fs from 'node:fs';
import { hasCode } from './error-code.ts';

/** As lstat; undefined where nothing can be: also below a plain file (HOME=/dev/null) or a loop of links. */
export function lstatIfThere(path: string): fs.Stats | undefined {
  return ifThere(() => fs.lstatSync(path, { throwIfNoEntry: false }));
}

/** As stat; undefined where nothing can be, as {@link lstatIfThere}, and for a link to nothing. */
export function statIfThere(path: string): fs.Stats | undefined {
  return ifThere(() => fs.statSync(path, { throwIfNoEntry: false }));
}

function ifThere(look: () => fs.Stats | undefined): fs.Stats | undefined {
  try {
    return look();
  } catch (error) {
    if (hasCode(error, 'ENOTDIR', 'ELOOP')) return undefined;
    throw error;
  }
}
