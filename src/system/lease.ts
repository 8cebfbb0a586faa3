// A lease: a file that tells which process is doing something, and on which terminal it asks the
// user.
import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { ensurePrivateDirectory, writeFileAtomic } from './files.ts';
import { withLock } from './lock.ts';
import { readOwnFile } from './read-checked.ts';
import { isRunning, type WatchedProcess, watchedProcess } from './watched-process.ts';

export interface LeaseHolder extends WatchedProcess {
  /** The terminal on which the user is asked, without `/dev/`; null if the user is not asked. */
  readonly terminal: string | null;
}

/**
 * Unlike a lock, it may be held while the user is asked: others learn where. It ends with its
 * holder's process, however that ends, and is valid for `longestMs` at most: a question in a
 * forgotten terminal must not keep all others waiting.
 */
export class Lease {
  readonly #path: string;
  readonly #longestMs: number;

  constructor(path: string, longestMs: number) {
    this.#path = path;
    this.#longestMs = longestMs;
  }

  /**
   * The other process that has it; null if there is none. Never throws: a file that this user
   * cannot read is not a lease.
   */
  holder(): LeaseHolder | null {
    const holder = this.#read();
    return holder === null || isThisProcess(holder) || !isRunning(holder) ? null : holder;
  }

  /**
   * Null: this process has it now. Otherwise its holder. Throws the system error, or an AwshError,
   * if the file cannot be written.
   */
  async take(terminal: string | null): Promise<LeaseHolder | null> {
    const holder = this.holder();
    if (holder !== null) return holder;
    ensurePrivateDirectory(dirname(this.#path));
    // Only one process at a time may find that the holder has died.
    return withLock(`${this.#path}.lock`, { timeoutMs: 10_000, staleMs: 5000 }, async () => {
      const other = this.holder();
      if (other === null) writeFileAtomic(this.#path, linesOf(terminal));
      return other;
    });
  }

  /** Ends it, if this process has it. */
  release(): void {
    try {
      const holder = this.#read();
      if (holder !== null && isThisProcess(holder)) fs.rmSync(this.#path, { force: true });
    } catch {
      // It ends with this process.
    }
  }

  #read(): LeaseHolder | null {
    try {
      const { mtimeMs } = fs.lstatSync(this.#path);
      if (Math.abs(Date.now() - mtimeMs) > this.#longestMs) return null;
      return parseHolder(readOwnFile(this.#path, 512).toString('latin1'));
    } catch {
      return null;
    }
  }
}

/** Without /proc or ps, a process cannot be distinguished from a later one with the same id. */
const unknownStart = '-';

const startOfThis = () => watchedProcess(process.pid)?.started ?? unknownStart;

function isThisProcess({ pid, started }: WatchedProcess): boolean {
  return pid === process.pid && started === startOfThis();
}

function linesOf(terminal: string | null): string {
  return `${process.pid}\n${startOfThis()}\n${terminal ?? '-'}\n`;
}

function parseHolder(text: string): LeaseHolder | null {
  const [, pid, started, terminal] = /^([1-9]\d{0,9})\n([ -~]{1,60})\n([ -~]{1,30})\n$/.exec(text) ?? [];
  if (pid === undefined || started === undefined || terminal === undefined) return null;
  return { pid: Number(pid), started, terminal: terminal === '-' ? null : terminal };
}
