import * as fs from 'node:fs';
import { hasCode } from './error-code.ts';
import { UsageError } from './errors.ts';
import { printable } from './printable.ts';
import { shellCommand } from './shell-command.ts';

/** In bytes. awsh reads no larger file: a sparse or endless one is never read into memory. */
export const largestFile = 16 * 1024 * 1024;

export interface Reading {
  /** False: a symbolic link at the path itself is an error (ELOOP). */
  readonly follow?: boolean;
  /** In bytes. A larger file is an error, unread. */
  readonly largest?: number;
  /**
   * Checks the opened file before anything is read; throws to refuse it. Without it, any regular
   * file is accepted.
   */
  readonly check?: (stat: fs.Stats) => void;
  /**
   * True for a path from the user: it may be a pipe, such as `<(command)`, and is read to its end.
   */
  readonly mayBePipe?: boolean;
}

/**
 * The only way in which awsh reads a file (security rule 26): opened once and without waiting,
 * checked through its descriptor, and read up to a limit. So a pipe, a device or an endless file
 * never blocks a command, even if another user has created it. /dev/null, with which users disable
 * a file, is empty. Throws the system error, or UsageError for what is not a regular file or too
 * large.
 */
export function readChecked(path: string, reading: Reading = {}): Buffer {
  const { O_RDONLY, O_NONBLOCK, O_NOCTTY, O_NOFOLLOW } = fs.constants;
  const flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | (reading.follow === false ? O_NOFOLLOW : 0);
  const descriptor = openFile(path, flags);
  try {
    return readOpened(path, descriptor, reading);
  } finally {
    fs.closeSync(descriptor);
  }
}

/**
 * A file of this user's own that is closed to all others: no link, at most `largest` bytes. Throws
 * UsageError for any other file, or the system error.
 */
export function readOwnFile(path: string, largest: number): Buffer {
  const check = (stat: fs.Stats) => {
    const isOwn = stat.isFile() && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0;
    if (!isOwn) throw unfit(path, 'it is not a file of this user alone');
  };
  return readChecked(path, { follow: false, largest, check });
}

/** For a socket the system error gives no reason. */
function openFile(path: string, flags: number): number {
  try {
    return fs.openSync(path, flags);
  } catch (error) {
    throw hasCode(error, 'ENXIO', 'EOPNOTSUPP') ? unfit(path, 'it is not a regular file') : error;
  }
}

function readOpened(path: string, descriptor: number, reading: Reading): Buffer {
  const { largest = largestFile, check, mayBePipe = false } = reading;
  const stat = fs.fstatSync(descriptor);
  if (check !== undefined) check(stat);
  else if (mayBePipe && stat.isFIFO()) return readPipe(path, descriptor, largest);
  else if (isNothing(stat)) return Buffer.alloc(0);
  else if (stat.isDirectory()) throw Object.assign(new Error('EISDIR'), { code: 'EISDIR', path });
  else if (!stat.isFile()) throw unfit(path, 'it is not a regular file');
  if (stat.size > largest) throw tooLarge(path, largest);
  return readTo(path, descriptor, stat.size, largest);
}

/**
 * Reads to the end, even if the file has grown since it was checked; the size of a file in /proc is
 * 0.
 */
function readTo(path: string, descriptor: number, size: number, largest: number): Buffer {
  let bytes = Buffer.allocUnsafe(size + 1);
  let length = 0;
  for (;;) {
    const asked = bytes.length - length;
    const more = fs.readSync(descriptor, bytes, length, asked, null);
    length += more;
    // A regular file returns less than was asked for only at its end; a file in /proc may do so at
    // any time.
    if (more === 0 || (more < asked && size > 0)) return bytes.subarray(0, length);
    if (length > largest) throw tooLarge(path, largest);
    if (length === bytes.length) bytes = Buffer.concat([bytes], length + 65_536);
  }
}

/** How long a pipe may be silent, in milliseconds. */
const longestSilenceMs = 30_000;
const pauseMs = 20;

/**
 * Reads until the writer closes it; a pipe without a writer is at its end. Throws UsageError if it
 * is silent for too long.
 */
function readPipe(path: string, descriptor: number, largest: number): Buffer {
  const chunks: Buffer[] = [];
  const chunk = Buffer.alloc(65_536);
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (let [length, silentMs] = [0, 0]; ; ) {
    const more = readWhatIsThere(descriptor, chunk);
    if (more === 0) return Buffer.concat(chunks);
    if (more === null) {
      if (silentMs >= longestSilenceMs) throw unfit(path, 'it is a pipe into which no program writes');
      Atomics.wait(sleeper, 0, 0, pauseMs);
      silentMs += pauseMs;
      continue;
    }
    silentMs = 0;
    length += more;
    if (length > largest) throw tooLarge(path, largest);
    chunks.push(Buffer.from(chunk.subarray(0, more)));
  }
}

/** Null if there is nothing yet. */
function readWhatIsThere(descriptor: number, chunk: Buffer): number | null {
  try {
    return fs.readSync(descriptor, chunk);
  } catch (error) {
    if (hasCode(error, 'EAGAIN', 'EWOULDBLOCK')) return null;
    throw error;
  }
}

function isNothing(stat: fs.Stats): boolean {
  return stat.isCharacterDevice() && stat.rdev === fs.statSync('/dev/null').rdev;
}

function tooLarge(path: string, largest: number): UsageError {
  const unit = largest >= 1_048_576 ? `${largest / 1_048_576} MiB` : `${largest} bytes`;
  return unfit(path, `it has more than ${unit}`);
}

function unfit(path: string, why: string): UsageError {
  return new UsageError(`${printable(path)} cannot be read`, why, shellCommand`ls -ld ${path}`);
}

/** The file's text, or null if there is no such file. */
export function readFileIfThere(path: string, reading: Reading = {}): string | null {
  try {
    return readChecked(path, reading).toString('utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
}
