import * as fs from 'node:fs';
import { join } from 'node:path';
import { hasCode, makePrivateDirectory, requireOwnersFolder } from '../system/index.ts';

/** The current log file, in the state folder. */
export const logName = 'log.jsonl';
/** The name of a rotated log file: `log-TIME-PID-NUMBER.jsonl`, so that no name is used twice. */
export const oldLogPattern = /^log-[0-9]{13}-[0-9]{1,10}-[0-9]{1,6}\.jsonl$/;

/** In bytes: a file of this size is rotated. */
const mostBytes = 4 * 1024 * 1024;
/**
 * In milliseconds: so is one whose first line is this old, so that old lines can be removed by
 * file.
 */
const mostAgeMs = 7 * 86_400_000;
/** In milliseconds: lines are kept this long after they were written. */
export const keptMs = 90 * 86_400_000;
/** In bytes: and no more than this in all. */
const mostKeptBytes = 32 * 1024 * 1024;

export interface LogPlace {
  /** `$XDG_STATE_HOME/awsh`. */
  readonly folder: string;
  /**
   * False for the agent: if the folder no longer exists, its home was removed, and no part of it
   * may be created again.
   */
  readonly makesFolder: boolean;
}

/**
 * Adds a line, in one write call, without waiting: a FIFO, a link, a device or another user's file
 * in the log's place is an error, as is a disk that accepts only a part. Throws a system error, or
 * Error.
 */
export function appendLine(place: LogPlace, line: string, now: number): void {
  const path = join(place.folder, logName);
  requireOwnersFolder(place.folder);
  const descriptor = openLog(path, place);
  try {
    const stat = checked(descriptor);
    const bytes = Buffer.from(endsInside(descriptor, stat.size) ? `\n${line}` : line);
    if (fs.writeSync(descriptor, bytes) !== bytes.length)
      throw Object.assign(new Error('the disk is full'), { code: 'ENOSPC' });
    if (stat.size + bytes.length > mostBytes || isOld(descriptor, now)) putAside(place.folder, path, now);
  } finally {
    fs.closeSync(descriptor);
  }
}

function openLog(path: string, { folder, makesFolder }: LogPlace): number {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = fs.constants;
  const open = () =>
    fs.openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0o600);
  try {
    return open();
  } catch (error) {
    if (!makesFolder || !hasCode(error, 'ENOENT')) throw error;
    makePrivateDirectory(folder);
    return open();
  }
}

function checked(descriptor: number): fs.Stats {
  const stat = fs.fstatSync(descriptor);
  if (!stat.isFile()) throw new Error('it is not a regular file');
  if (stat.uid !== process.getuid?.()) throw new Error('it belongs to another user');
  if ((stat.mode & 0o077) !== 0) fs.fchmodSync(descriptor, 0o600);
  return stat;
}

/** The disk was full in the middle of the last line: the new one must not become a part of it. */
function endsInside(descriptor: number, size: number): boolean {
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  return fs.readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
}

const headBytes = 40;

function isOld(descriptor: number, now: number): boolean {
  const head = Buffer.alloc(headBytes);
  const length = fs.readSync(descriptor, head, 0, headBytes, 0);
  const [, time] = /^\{"time":"([0-9T:.Z-]{20,30})"/.exec(head.toString('latin1', 0, length)) ?? [];
  return time !== undefined && now - Date.parse(time) > mostAgeMs;
}

let asideNumber = 0;

/**
 * No lock: the new name is unique, so two processes that do this at once rotate two files and lose
 * none. A process that has the old file open writes to the rotated file, which is read as well.
 */
function putAside(folder: string, path: string, now: number): void {
  asideNumber += 1;
  try {
    fs.renameSync(
      path,
      join(folder, `log-${Math.floor(now)}-${process.pid}-${asideNumber % 1_000_000}.jsonl`),
    );
    removeOldLogs(folder, now);
  } catch {
    // The line is written; another process will rotate the file.
  }
}

/**
 * Removes what is too old, or too much, the oldest first. Never throws: what cannot be removed is
 * left for the next call.
 */
export function removeOldLogs(folder: string, now: number): void {
  let bytes = 0;
  try {
    for (const name of oldLogs(folder).reverse()) {
      const path = join(folder, name);
      const { size, mtimeMs } = fs.lstatSync(path);
      bytes += size;
      if (now - mtimeMs > keptMs || bytes > mostKeptBytes) fs.rmSync(path, { force: true });
    }
  } catch {
    // Another process has removed one of them, or the folder is not this user's.
  }
}

/** The names of the rotated files, the oldest first. */
export function oldLogs(folder: string): string[] {
  return fs
    .readdirSync(folder)
    .filter((name) => oldLogPattern.test(name))
    .sort();
}
