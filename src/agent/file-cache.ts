import * as fs from 'node:fs';

/** A file changed again within the same tick of the file system's clock looks unchanged: such a one is not kept. */
const settledMs = 100;
const most = 64;

/** What was made from files, made again where one of them is another file now, or has other content. */
export class FileCache<T> {
  readonly #entries = new Map<string, { marks: string; value: T }>();

  /** `variant` tells apart what is made in several ways from the same files. */
  get(files: readonly string[], make: () => T, variant = ''): T {
    const key = [variant, ...files].join('\0');
    const marks = files.map(markOf).join(' ');
    const entry = this.#entries.get(key);
    if (entry !== undefined && entry.marks === marks) return entry.value;
    this.#entries.delete(key);
    const value = make();
    if (this.#entries.size >= most) this.#entries.clear();
    if (isSettled(files)) this.#entries.set(key, { marks, value });
    return value;
  }
}

/** Follows links, as reading does. A file that cannot be looked at has no mark of its own, and reading it says why. */
function markOf(path: string): string {
  try {
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return 'none';
    return `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeMs}:${stat.ctimeMs}:${stat.mode}:${stat.uid}`;
  } catch (error) {
    return String(error);
  }
}

function isSettled(files: readonly string[]): boolean {
  return files.every((path) => {
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    return stat === undefined || Math.abs(Date.now() - stat.ctimeMs) > settledMs;
  });
}
