import * as fs from 'node:fs';

/**
 * A file changed twice within one tick of the file system's clock looks unchanged the second time,
 * so a file changed this recently is not cached. If the time has no fraction of a second, the tick
 * may be one or two seconds.
 */
const settledMs = (look: fs.Stats) => (look.ctimeMs % 1000 === 0 ? 2000 : 100);
const most = 64;

/** A file's stat; if it has none, the code of the error. */
type Look = fs.Stats | string;

/**
 * The stats of files at one moment, to find out quickly whether one of them has been replaced or
 * changed.
 */
export class FileMarks {
  readonly #files: readonly string[];
  readonly #looks: readonly Look[];
  /** False if another change could be invisible: then nothing must be cached. */
  readonly settled: boolean;

  /** Must be created before the files are read, so that a change during reading is noticed. */
  constructor(files: readonly string[]) {
    this.#files = files;
    this.#looks = files.map(lookAt);
    this.settled = this.#looks.every(isSettled);
  }

  /** True if all files look as before. */
  hold(): boolean {
    return this.#looks.every((look, at) => isSame(look, lookAt(this.#files[at] ?? '')));
  }
}

/** Follows links, as reading does. */
function lookAt(file: string): Look {
  try {
    return fs.statSync(file, { throwIfNoEntry: false }) ?? 'ENOENT';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  }
}

function isSame(a: Look, b: Look): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  if (a.ino !== b.ino || a.dev !== b.dev || a.mode !== b.mode || a.uid !== b.uid) return false;
  return a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs;
}

function isSettled(look: Look): boolean {
  return typeof look === 'string' || Math.abs(Date.now() - look.ctimeMs) > settledMs(look);
}

/** Values made from files, made again if one of the files was replaced or changed. */
export class FileCache<T> {
  readonly #entries = new Map<string, { marks: FileMarks; value: T }>();

  /** `variant` distinguishes values made in different ways from the same files. */
  get(files: readonly string[], make: () => T, variant = ''): T {
    const key = [variant, ...files].join('\0');
    const entry = this.#entries.get(key);
    if (entry?.marks.hold()) return entry.value;
    this.#entries.delete(key);
    const marks = new FileMarks(files);
    const value = make();
    if (this.#entries.size >= most) this.#entries.clear();
    if (marks.settled) this.#entries.set(key, { marks, value });
    return value;
  }
}
