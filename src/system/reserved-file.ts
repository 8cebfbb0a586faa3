import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { hasCode } from './error-code.ts';
import { requireOwnersFolder } from './private-directory.ts';
import { sweepTemporaries, temporaryName } from './temporary-files.ts';

/** Disk space for a file's next content, reserved before the content exists. */
export interface ReservedFile {
  /** Replaces the file atomically, 0600. A full disk cannot refuse up to the reserved bytes. */
  replace(data: string): void;
  /** Leaves the file as it is. */
  abandon(): void;
}

/**
 * Reserves `bytes` in the file's folder, for an answer that must not be lost: a refresh token that
 * is valid once has been used when the new one is to be written. A link is followed. Throws the
 * system error, with the path of the file itself, if the disk refuses or the file cannot be
 * replaced.
 */
export function reserveFile(given: string, bytes: number): ReservedFile {
  const path = fs.existsSync(given) ? fs.realpathSync(given) : given;
  sweepTemporaries(path);
  const temporary = join(dirname(path), temporaryName(path));
  let fd: number | null = null;
  let inPlace: number | null = null;
  const end = () => {
    for (const open of [fd, inPlace]) if (open !== null) fs.closeSync(open);
    [fd, inPlace] = [null, null];
    fs.rmSync(temporary, { force: true });
  };
  try {
    requireOwnersFolder(dirname(path));
    fd = fs.openSync(temporary, 'wx', 0o600);
    fs.writeFileSync(fd, Buffer.alloc(bytes, ' '));
    fs.fsyncSync(fd);
    inPlace = openInPlace(path);
  } catch (error) {
    end();
    throw error instanceof Error && 'code' in error ? Object.assign(error, { path }) : error;
  }
  const reserved = fd;
  return {
    replace(data) {
      try {
        write(reserved, data);
        renameOver(temporary, path, () => write(inPlace, data));
      } finally {
        end();
      }
    },
    abandon: end,
  };
}

/**
 * The file, open for writing, or null if that is denied or there is no such file: it can be replaced
 * nevertheless. Throws for an immutable file or a read-only file system, on which nothing can.
 */
function openInPlace(path: string): number | null {
  try {
    return fs.openSync(path, fs.constants.O_WRONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EACCES')) return null;
    throw error;
  }
}

/** A file that is a mount point, as in a container, cannot be replaced: it is written where it is. */
function renameOver(temporary: string, path: string, writeInPlace: () => void): void {
  try {
    fs.renameSync(temporary, path);
  } catch (error) {
    if (!hasCode(error, 'EBUSY')) throw error;
    writeInPlace();
  }
}

function write(fd: number | null, data: string): void {
  if (fd === null) throw new Error('the file is not open');
  const length = fs.writeSync(fd, Buffer.from(data), 0, undefined, 0);
  fs.ftruncateSync(fd, length);
  fs.fsyncSync(fd);
}
