import * as fs from 'node:fs';
import { hasCode } from './error-code.ts';

/**
 * Like lstat; undefined if nothing can exist there: also below a plain file (HOME=/dev/null) or a
 * cycle of links.
 */
export function lstatIfThere(path: string): fs.Stats | undefined {
  return ifThere(() => fs.lstatSync(path, { throwIfNoEntry: false }));
}

/** Like stat; undefined as for {@link lstatIfThere}, and for a broken link. */
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
