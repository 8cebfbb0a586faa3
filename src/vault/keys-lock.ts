import type { AsyncLocalStorage } from 'node:async_hooks';
import { join } from 'node:path';
import { type AppPaths, withLock } from '../system/index.ts';
import { fileFault } from './vault-errors.ts';

let held: AsyncLocalStorage<readonly string[]> | undefined;

/**
 * The lock files that the running call holds, so that a nested call does not wait for itself.
 * Loaded late, because most commands replace no key.
 */
function heldLocks(): AsyncLocalStorage<readonly string[]> {
  held ??= new (process.getBuiltinModule('node:async_hooks').AsyncLocalStorage)();
  return held;
}

/**
 * One lock for the stored keys of all backends: no other awsh process can change a key between its
 * check and its replacement. Reading a key needs no lock.
 */
export class KeysLock {
  readonly #path: string;
  readonly #fallback: string;

  constructor(paths: Pick<AppPaths, 'index' | 'locks'>) {
    this.#path = join(paths.locks, 'vault-keys.lock');
    this.#fallback = `${paths.index}.keys-lock`;
  }

  /**
   * Throws LockError (exit 10) if another awsh process holds it for half a minute, and VaultError
   * if the lock cannot be written, because replacing a key without it could lose another. A living
   * holder is never considered dead: a keychain may be asking the user.
   */
  async hold<T>(work: () => Promise<T>, timeoutMs = 30_000): Promise<T> {
    const others = heldLocks().getStore() ?? [];
    if (others.includes(this.#path)) return work();
    let isHeld = false;
    const limits = { timeoutMs, staleMs: 3_600_000, fallback: this.#fallback };
    try {
      return await withLock(this.#path, limits, () => {
        isHeld = true;
        return heldLocks().run([...others, this.#path], work);
      });
    } catch (error) {
      throw isHeld ? error : fileFault(error, this.#path);
    }
  }
}
