import * as fs from 'node:fs';

/**
 * A file changed again within the same tick of the file system's clock looks unchanged: such a one is not kept. Where the
 * time has no part of a second that tick may be a second, or two.
 */
const settledMs = (look: fs.Stats) => (look.ctimeMs % 1000 === 0 ? 2000 : 100);
const most = 64;

/** How a file looks; without one, the error that looking at it gives. */
type Look = fs.Stats | string;

/** How files looked at one moment, for telling soon whether one of them is another file now, or has other content. */
export class FileMarks {
  readonly #files: readonly string[];
  readonly #looks: readonly Look[];
  /** False where another change could look like none: nothing is to be kept then. */
  readonly settled: boolean;

  /** To be made before the files are read: what changes while they are is seen then. */
  constructor(files: readonly string[]) {
    this.#files = files;
    this.#looks = files.map(lookAt);
    this.settled = this.#looks.every(isSettled);
  }

  /** True where all look as they did. */
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

/** What was made from files, made again where one of them is another file now, or has other content. */
export class FileCache<T> {
  readonly #entries = new Map<string, { marks: FileMarks; value: T }>();

  /** `variant` tells apart what is made in several ways from the same files. */
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
