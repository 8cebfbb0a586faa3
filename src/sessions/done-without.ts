import { AwshError, type DiskFault, diskFault, printable } from '../system/index.ts';
import { NoVaultError } from '../vault/index.ts';

/**
 * Disk errors in steps that only save work. They stop no session (security rule 33), and one line
 * reports all of them.
 */
export class DoneWithout {
  #line: string | null = null;

  /**
   * A session could not be stored or read. Rethrows errors that are not the disk's, except that
   * there is no vault yet.
   */
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

  /**
   * The lock could not be created. Rethrows errors that are neither the disk's nor a directory's.
   */
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
