import { CorruptItemError, MissingItemError, type NamedKey, type Vault } from '../vault/index.ts';

/** What storing a key under its name would mean. */
export interface Arrival<Key extends NamedKey> {
  readonly found: Key;
  /**
   * `stored`: the same key is there already; `other`: another key, or an item that cannot be read, is there under this name.
   */
  readonly state: 'new' | 'stored' | 'other';
}

/**
 * Compares with what is stored. The backend itself is asked and not the index: an index that was lost, or that a crash left
 * behind, would call a key new whose place another one has.
 */
export async function compareWithVault<Key extends NamedKey>(
  keys: readonly Key[],
  vault: Vault,
): Promise<Arrival<Key>[]> {
  const arrivals: Arrival<Key>[] = [];
  for (const found of keys) arrivals.push({ found, state: await stateOf(found, vault) });
  return arrivals;
}

async function stateOf({ profile, key }: NamedKey, vault: Vault): Promise<Arrival<NamedKey>['state']> {
  try {
    const there = await vault.accessKey(profile);
    if (there === null) return 'new';
    const isSame = there.accessKeyId === key.accessKeyId && there.secretAccessKey.equals(key.secretAccessKey);
    return isSame ? 'stored' : 'other';
  } catch (error) {
    if (error instanceof MissingItemError) return 'new';
    // What cannot be read may be a key that another passphrase opens: only --overwrite replaces it.
    if (error instanceof CorruptItemError) return 'other';
    throw error;
  }
}
