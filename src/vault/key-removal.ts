import { VaultError } from '../system/index.ts';
import type { BackendRecords } from './index-format.ts';
import { accessKeyItem, sessionItem } from './items.ts';
import type { KeysLock } from './keys-lock.ts';
import type { OpenBackend } from './open-backend.ts';
import { isAmong, keyChanged, presentKey } from './present-key.ts';
import type { Backend } from './records.ts';
import type { StoredKeys } from './stored-keys.ts';
import { GpgRefusedError, lockedKeychain } from './vault-errors.ts';
import { WrongPassphraseError } from './vault-key.ts';

/**
 * Removes access keys. The index marks a key before it is removed, so that the next command
 * completes what a killed one has begun.
 */
export class KeyRemoval {
  readonly #open: OpenBackend;
  readonly #lock: KeysLock;
  readonly #keys: StoredKeys;

  constructor(open: OpenBackend, lock: KeysLock, keys: StoredKeys) {
    this.#open = open;
    this.#lock = lock;
    this.#keys = keys;
  }

  /** Reads what {@link remove} will compare, because reading may ask the user. */
  async prepare(profiles: readonly string[]): Promise<void> {
    if (profiles.length === 0) return;
    const backend = await this.#open.backend();
    for (const profile of profiles) {
      await presentKey(backend, profile).catch(async (error: unknown) => {
        const isRefused = error instanceof WrongPassphraseError || error instanceof GpgRefusedError;
        const isLocked = async () => (await backend.isLocked?.()) === true;
        // Another key that cannot be read can still be removed.
        if (isRefused || !(error instanceof VaultError) || (await isLocked())) throw error;
      });
    }
  }

  /** Removes the key and the sessions made with it; false if there was no key. */
  async remove(profile: string, mayRemove?: readonly (string | null)[]): Promise<boolean> {
    const backend = await this.#open.backend();
    return this.#lock.hold(async () => {
      if (mayRemove !== undefined) await this.#requireAmong(mayRemove, backend, profile);
      return this.#removeUnderLock(backend, profile);
    });
  }

  /**
   * Throws KeyChangedError if another key is stored; the index then names it, for the next
   * question.
   */
  async #requireAmong(ids: readonly (string | null)[], backend: Backend, profile: string): Promise<void> {
    const there = await presentKey(backend, profile).catch((error: unknown) => {
      // Removing needs no reading: if the backend refuses to read the key, the index has its id.
      if (error instanceof VaultError) return this.#keys.recorded(profile) ?? null;
      throw error;
    });
    if (isAmong(ids, there)) return;
    if (there !== null && there !== 'unreadable' && 'secretAccessKey' in there)
      await this.#keys.record([{ profile, key: there }]);
    throw keyChanged(profile, there);
  }

  async #removeUnderLock(backend: Backend, profile: string): Promise<boolean> {
    this.#keys.forget(profile);
    const isRecorded = this.#keys.recorded(profile) !== undefined;
    // Marked first, so that what a killed command leaves is neither shown nor used, and the next
    // command completes it.
    if (isRecorded) await this.#mark(profile);
    try {
      const removed = await backend.delete(accessKeyItem(profile));
      if (!isRecorded) return removed;
      if (!removed && backend.isLocked !== undefined && (await backend.isLocked()) !== false) {
        throw lockedKeychain();
      }
    } catch (error) {
      // A backend that refuses has removed nothing: the key stays, and is shown.
      if (isRecorded) await this.#open.update((records) => unmark(records, profile));
      throw error;
    }
    await this.#complete(backend, profile);
    return true;
  }

  /** Removes the mark last, so that the next command completes what is interrupted here. */
  async #complete(backend: Backend, profile: string): Promise<string[]> {
    const sessions = this.#open.allRecords().sessions.filter((record) => record.profile === profile);
    for (const { id } of sessions) await backend.delete(sessionItem(id));
    await this.#open.update((records) => {
      records.keys = records.keys.filter((record) => record.profile !== profile);
      records.sessions = records.sessions.filter((record) => record.profile !== profile);
      unmark(records, profile);
    });
    return sessions.map(({ id }) => id);
  }

  async #mark(profile: string): Promise<void> {
    await this.#open.update((records) => {
      records.removing = [...new Set([...(records.removing ?? []), profile])];
    });
  }

  /**
   * Completes a `remove` that was killed: removes the key and the sessions made with it, and
   * returns their ids.
   */
  async finish(): Promise<string[]> {
    const sessions: string[] = [];
    for (const profile of this.#open.records().removing ?? []) {
      const backend = await this.#open.backend();
      const removed = this.#lock.hold(async () => {
        // Another awsh process has completed it, or has stored a new key under this name.
        if (!this.#open.records().removing?.includes(profile)) return [];
        await backend.delete(accessKeyItem(profile));
        return this.#complete(backend, profile);
      }, 100);
      sessions.push(...(await removed));
    }
    return sessions;
  }
}

/** Removes the mark from a name after its key was stored, or completely removed. */
export function unmark(records: BackendRecords, profile: string): void {
  const left = (records.removing ?? []).filter((name) => name !== profile);
  if (left.length > 0) records.removing = left;
  else delete records.removing;
}
