import { type Secret, VaultError } from '../system/index.ts';
import { checkAccessKey, decodeAccessKey, encodeAccessKey, pendingKeyItem } from './items.ts';
import type { OpenBackend } from './open-backend.ts';
import type { AccessKey, Backend } from './records.ts';

/**
 * New keys that will replace others and are not verified yet: separate items, under the id of the
 * key to be replaced. They are not in the index; the rotation keeps a journal.
 */
export class PendingKeys {
  readonly #open: OpenBackend;

  constructor(open: OpenBackend) {
    this.#open = open;
  }

  async get(replaced: string): Promise<AccessKey | null> {
    const item = pendingKeyItem(replaced);
    const value = await (await this.#open.backend()).get(item);
    return value === null ? null : decodeAccessKey(item, value);
  }

  async store(replaced: string, key: AccessKey): Promise<void> {
    checkAccessKey(replaced, key);
    await setAndCompare(await this.#open.backend(), pendingKeyItem(replaced), encodeAccessKey(key));
  }

  async remove(replaced: string): Promise<boolean> {
    return (await this.#open.backend()).delete(pendingKeyItem(replaced));
  }
}

/** Stores an item, and verifies it by reading it back. */
export async function setAndCompare(backend: Backend, item: string, value: Secret): Promise<void> {
  await backend.set(item, value);
  const there = await backend.get(item);
  if (there?.equals(value)) return;
  throw new VaultError(
    `the backend ${backend.name} did not keep what was stored`,
    there === null ? 'it could not be read back' : 'a different value was read back',
    'awsh status',
  );
}
