import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
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
 * is valid once has been used when the new one is to be written. Throws the system error, with the
 * path of the file itself, if the disk refuses.
 */
export function reserveFile(path: string, bytes: number): ReservedFile {
  sweepTemporaries(path);
  const temporary = join(dirname(path), temporaryName(path));
  let fd: number | null = null;
  const end = () => {
    if (fd !== null) fs.closeSync(fd);
    fd = null;
    fs.rmSync(temporary, { force: true });
  };
  try {
    requireOwnersFolder(dirname(path));
    fd = fs.openSync(temporary, 'wx', 0o600);
    fs.writeFileSync(fd, Buffer.alloc(bytes, ' '));
    fs.fsyncSync(fd);
  } catch (error) {
    end();
    throw error instanceof Error && 'code' in error ? Object.assign(error, { path }) : error;
  }
  const reserved = fd;
  return {
    replace(data) {
      try {
        const length = fs.writeSync(reserved, Buffer.from(data), 0, undefined, 0);
        fs.ftruncateSync(reserved, length);
        fs.fsyncSync(reserved);
        fs.renameSync(temporary, path);
      } finally {
        end();
      }
    },
    abandon: end,
  };
}
