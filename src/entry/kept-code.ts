// Like src/entry/awsh.ts this runs before anything else is there, and in every cold command: Node's own modules alone.
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { directoryFault } from '../system/index.ts';

/** A CommonJS file of ours that was loaded. */
export interface LoadedFile<T> {
  readonly exports: T;
  /** Where what V8 made of it is kept. */
  readonly kept: string;
  /** What is to be kept there for the next time: what was compiled so far. Null where it is there already. */
  readonly toKeep: () => Uint8Array | null;
}

/**
 * Loads a file of ours, one function in ASCII that is given what Node gives a CommonJS module, with what V8 made of it last
 * time: to compile what a verb needs takes longer than to run it. That is kept under `name` in `folder`, which belongs to the
 * user alone (SECURITY 16).
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

/** Null where there is none for this very file. */
function readKept(path: string, head: Buffer): Buffer | null {
  try {
    const folder = dirname(path);
    // Whoever owns the folder above could put another in its place.
    if (directoryFault(dirname(folder)) !== null || directoryFault(folder) !== null) return null;
    const kept = readOwnFile(path);
    return kept.subarray(0, head.length).equals(head) ? kept.subarray(head.length) : null;
  } catch {
    return null;
  }
}

/**
 * Which file the code was made of. V8 itself looks at the source's length alone, and npm gives each file the same time of
 * change; nothing gives it the same time of the change of its inode.
 */
function headOf(fd: number): Buffer {
  const { dev, ino, ctimeMs, size } = fs.fstatSync(fd);
  return Buffer.from(`${dev} ${ino} ${ctimeMs} ${size} `.padEnd(64));
}

const largestKept = 16 * 1024 * 1024;

/**
 * As `readChecked` of src/system does, which would bring half of that folder into the entry. Throws where there is none, or
 * where it is not a plain file of our own.
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
