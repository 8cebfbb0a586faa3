import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { othersCanWrite, readChecked, shellCommand } from '../system/index.ts';
import { DirectoryFileError } from './directory-file-error.ts';
import { type DirectoryFileContent, parseDirectoryFile } from './parse-directory-file.ts';

/** A directory file, read once: what is trusted, what is shown and what is loaded come from the same bytes. */
export interface DirectoryFile extends DirectoryFileContent {
  /** As it was found, for people. */
  readonly path: string;
  /** Where it stands, for trust: see {@link standingPlace}. */
  readonly realpath: string;
  /** Of the bytes, in hexadecimal. */
  readonly sha256: string;
}

const maximumSize = 512;

/**
 * Reads the file. DirectoryFileError, naming file and line, where it is not mine alone to write, not a small regular file,
 * cannot be read, or does not have the form (see parse-directory-file.ts).
 */
export function readDirectoryFile(path: string): DirectoryFile {
  const realpath = orFault(path, () => standingPlace(path));
  const bytes = orFault(path, () => readBytes(realpath, path));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { path, realpath, sha256, ...parseDirectoryFile(bytes, path) };
}

/**
 * The path by which a directory file is trusted: links in its folder's path are resolved, a link that stands in the file's
 * own place is not. Else a clone could hold a link to a file that was allowed elsewhere, and be what that one is.
 */
export function standingPlace(path: string): string {
  return join(fs.realpathSync.native(dirname(path)), basename(path));
}

function readBytes(realpath: string, path: string): Uint8Array {
  // One byte more than may be: a file that grew since it was looked at is too large as well.
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
