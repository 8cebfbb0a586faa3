import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { othersCanWrite, readChecked, shellCommand } from '../system/index.ts';
import { DirectoryFileError } from './directory-file-error.ts';
import { type DirectoryFileContent, parseDirectoryFile } from './parse-directory-file.ts';

/** A directory file, read once: what is trusted, shown and loaded comes from the same bytes. */
export interface DirectoryFile extends DirectoryFileContent {
  /** The path as it was found, for display. */
  readonly path: string;
  /** Its path for trust: see {@link standingPlace}. */
  readonly realpath: string;
  /** Of the bytes, in hexadecimal. */
  readonly sha256: string;
}

const maximumSize = 512;

/**
 * Reads the file. Throws DirectoryFileError, with file and line, if other users can write it, if it
 * is not a small regular file, cannot be read, or is malformed (see parse-directory-file.ts).
 */
export function readDirectoryFile(path: string): DirectoryFile {
  const realpath = orFault(path, () => standingPlace(path));
  const bytes = orFault(path, () => readBytes(realpath, path));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { path, realpath, sha256, ...parseDirectoryFile(bytes, path) };
}

/**
 * The path by which a directory file is trusted: links in its folder's path are resolved, but a
 * link in place of the file itself is not. Otherwise a clone could contain a link to a file that
 * was allowed elsewhere, and be trusted like that one.
 */
export function standingPlace(path: string): string {
  return join(fs.realpathSync.native(dirname(path)), basename(path));
}

function readBytes(realpath: string, path: string): Uint8Array {
  // One byte more than the limit, so that a file that has grown since the check is too large as
  // well.
  const bytes = readChecked(realpath, { check: (stat) => checkFile(stat, path) });
  if (bytes.length > maximumSize) throw tooLarge(path);
  return bytes;
}

function checkFile(stat: fs.Stats, path: string): void {
  if (!stat.isFile()) throw new DirectoryFileError(path, null, 'it is not a regular file');
  if (stat.uid !== process.getuid?.()) {
    throw new DirectoryFileError(path, null, 'it belongs to another user', shellCommand`ls -l ${path}`);
  }
  if (othersCanWrite(stat)) {
    throw new DirectoryFileError(path, null, 'other users can write it', shellCommand`chmod go-w ${path}`);
  }
  if (stat.size > maximumSize) throw tooLarge(path);
}

function tooLarge(path: string): DirectoryFileError {
  return new DirectoryFileError(path, null, `it has more than ${maximumSize} bytes`);
}

const faults: Record<string, string> = {
  EACCES: 'it cannot be read: no permission',
  EPERM: 'it cannot be read: no permission',
  ELOOP: 'it is a loop of symbolic links',
  ENOENT: 'it is a symbolic link to nothing, or has just gone',
  ENXIO: 'it is not a regular file',
};

function orFault<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof DirectoryFileError || !(error instanceof Error && 'code' in error)) throw error;
    throw new DirectoryFileError(
      path,
      null,
      faults[String(error.code)] ?? `it cannot be read (${error.code})`,
    );
  }
}
