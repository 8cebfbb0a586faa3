import { statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Context } from '../cli/index.ts';
import { directoryFileName, findDirectoryFile } from '../directory/index.ts';
import { printable, printablePath, UsageError } from '../system/index.ts';

/**
 * The directory file that applies in this directory (by default the working directory; the path of
 * the file itself is also accepted). A directory that does not exist is an error: otherwise it
 * would get the file of a folder above.
 */
export function governingFile({ cwd, paths }: Context, directory: string | undefined): string {
  const given = resolve(cwd, directory ?? '.');
  const folder = basename(given) === directoryFileName ? dirname(given) : given;
  if (directory !== undefined && !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`${printable(directory)} is not a directory`, 'it does not exist, or is a file');
  }
  const path = findDirectoryFile(folder);
  if (path !== null) return path;
  const shown = printablePath(folder, paths.home);
  throw new UsageError(
    `no ${directoryFileName} governs ${shown}`,
    'there is none there or in a directory above it',
    'awsh init',
  );
}
