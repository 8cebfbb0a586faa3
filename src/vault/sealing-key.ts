import { randomBytes } from 'node:crypto';
import { Secret } from '../system/index.ts';
import type { KeysLock } from './keys-lock.ts';
import type { OpenBackend } from './open-backend.ts';
import { setAndCompare } from './pending-keys.ts';

/** There is one, so it has one name. */
const item = 'sealing-key.sso';

/** The key that encrypts tokens of IAM Identity Center (`sso_cache = vault`). */
export class SealingKeyItem {
  readonly #open: OpenBackend;
  readonly #lock: KeysLock;

  constructor(open: OpenBackend, lock: KeysLock) {
    this.#open = open;
    this.#lock = lock;
  }

  /** Made at its first use. */
  async get(): Promise<Secret> {
    const backend = await this.#open.backend();
    const known = await backend.get(item);
    const key = known ?? (await this.#make());
    if (!this.isThere()) await this.#note(true);
    return key;
  }

  /** According to the index; opens nothing. */
  isThere(): boolean {
    return this.#open.allRecords().hasSealingKey === true;
  }

  /** Opens a locked keychain, which removing would do too. */
  async prepareRemoval(): Promise<void> {
    if (!this.isThere()) return;
    const backend = await this.#open.backend();
    if ((await backend.isLocked?.()) === true) await backend.get(item);
  }

  /** For a caller that has removed what it encrypts. False if there is none. */
  async remove(): Promise<boolean> {
    if (!this.isThere()) return false;
    const isRemoved = await (await this.#open.backend()).delete(item);
    await this.#note(false);
    return isRemoved;
  }

  #make(): Promise<Secret> {
    return this.#lock.hold(async () => {
      const backend = await this.#open.backend();
      const other = await backend.get(item);
      if (other !== null) return other;
      const made = new Secret(randomBytes(32).toString('base64url'));
      await setAndCompare(backend, item, made);
      return made;
    });
  }

  async #note(isThere: boolean): Promise<void> {
    await this.#open.update((records) => {
      if (isThere) records.hasSealingKey = true;
      else delete records.hasSealingKey;
    });
  }
}
