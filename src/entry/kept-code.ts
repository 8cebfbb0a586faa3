// Like src/entry/awsh.ts this runs before anything else, in every cold command, so it uses only
// Node's own modules.
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { directoryFault } from '../system/index.ts';

/** A CommonJS file of ours that was loaded. */
export interface LoadedFile<T> {
  readonly exports: T;
  /** The path of its stored compiled code. */
  readonly kept: string;
  /** The compiled code to store for the next time, or null if it is already stored. */
  readonly toKeep: () => Uint8Array | null;
}

/**
 * Loads a CommonJS file of ours with the code that V8 compiled from it last time, because compiling
 * takes longer than running. The file must be one function in ASCII, which gets the arguments that
 * Node gives a CommonJS module. The code is stored under `name` in `folder`, which must belong to
 * this user alone (security rule 16).
 */
export function loadFile<T>(
  file: string,
  folder: string,
  name: string,
  load: NodeJS.Require = require,
): LoadedFile<T> {
  const { source, head } = readSource(file);
  const kept = join(folder, name);
  const cachedData = readKept(kept, head);
  const script = new Script(source, { filename: file, ...(cachedData !== null && { cachedData }) });
  const module = { exports: {} as T };
  script.runInThisContext()(load, module, module.exports, file, dirname(file));
  return {
    exports: module.exports,
    kept,
    toKeep() {
      if (cachedData !== null && !script.cachedDataRejected) return null;
      return Buffer.concat([head, script.createCachedData()]);
    },
  };
}

function readSource(file: string): { source: string; head: Buffer } {
  const fd = fs.openSync(file, 'r');
  try {
    return { head: headOf(fd), source: fs.readFileSync(fd, 'latin1') };
  } finally {
    fs.closeSync(fd);
  }
}

/** Null if there is no stored code for exactly this file. */
function readKept(path: string, head: Buffer): Buffer | null {
  try {
    const folder = dirname(path);
    // The owner of a folder above could replace the stored code.
    if (directoryFault(dirname(folder)) !== null || directoryFault(folder) !== null) return null;
    const kept = readOwnFile(path);
    return kept.subarray(0, head.length).equals(head) ? kept.subarray(head.length) : null;
  } catch {
    return null;
  }
}

/**
 * Identifies the file that the code was compiled from. V8 itself compares only the source's length,
 * and npm gives every file the same modification time. The inode's change time cannot be set.
 */
function headOf(fd: number): Buffer {
  const { dev, ino, ctimeMs, size } = fs.fstatSync(fd);
  return Buffer.from(`${dev} ${ino} ${ctimeMs} ${size} `.padEnd(64));
}

const largestKept = 16 * 1024 * 1024;

/**
 * Like `readChecked` of src/system, which would bring half of that folder into the entry. Throws if
 * the file does not exist or is not a plain file of this user's.
 */
function readOwnFile(path: string): Buffer {
  const fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
  try {
    const stat = fs.fstatSync(fd);
    const isOurs = stat.isFile() && stat.uid === process.getuid?.();
    if (!isOurs || stat.size > largestKept) throw new Error('not a file of our own');
    return fs.readFileSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
