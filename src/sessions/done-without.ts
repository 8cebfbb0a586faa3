import { AwshError, type DiskFault, diskFault, printable } from '../system/index.ts';
import { NoVaultError } from '../vault/index.ts';

/**
 * What the disk refused of all that only saves work. It stops no session (SECURITY 33), and of all that was refused one
 * line is told.
 */
export class DoneWithout {
  #line: string | null = null;

  /** The session was not stored, or not read. Throws what is no fault of the disk, unless it is that there is no vault yet. */
  storing(error: unknown): void {
    if (error instanceof NoVaultError) {
      this.#line =
        'this session is not stored for the next command: there is no vault yet, and no terminal to ask for its passphrase';
      return;
    }
    const fault = diskFault(error);
    if (fault === null) throw error;
    this.#line = `this session is not stored for the next command: ${shown(fault)}`;
  }

  /** The lock could not be made. Throws what is neither a fault of the disk nor of a directory. */
  locking(reason: unknown): void {
    const fault = diskFault(reason);
    if (fault === null && !(reason instanceof AwshError)) throw reason;
    const why = fault === null ? printable((reason as AwshError).what) : shown(fault);
    this.#line ??= `this session is fetched without a lock, perhaps by others too: ${why}`;
  }

  tell(say: ((line: string) => void) | undefined): void {
    if (this.#line !== null) say?.(this.#line);
  }
}

function shown({ why, path }: DiskFault): string {
  return path === null ? why : `${why} (${printable(path)})`;
}
