import { VaultError } from '../system/index.ts';
import {
  type AccessKey,
  CorruptItemError,
  type KeyToStore,
  MissingItemError,
  type NamedKey,
  type Vault,
} from '../vault/index.ts';

/** How many items in a row a backend may refuse to read before it is considered broken. */
const mostFaults = 3;

/** The result of storing a key under its name. */
export interface Arrival<Key extends NamedKey> {
  readonly found: Key;
  /**
   * `stored`: the same key is already there; `other`: another key, or an unreadable item, has this
   * name.
   */
  readonly state: 'new' | 'stored' | 'other';
  /** The key under this name; null if there is none, or none that can be read. */
  readonly there: AccessKey | null;
  /** Why the backend could not read what it has under this name; null if it could. */
  readonly fault: VaultError | null;
}

/**
 * Compares the keys with what is stored. Asks the backend itself and not the index: an index that
 * was lost, or is incomplete after a crash, would call a key new although another one has its name.
 * Throws VaultError if the backend can read none of them, or refuses three in a row.
 */
export async function compareWithVault<Key extends NamedKey>(
  keys: readonly Key[],
  vault: Vault,
): Promise<Arrival<Key>[]> {
  const arrivals: Arrival<Key>[] = [];
  let faultsInARow = 0;
  for (const found of keys) {
    const { state, there, fault } = await stateOf(found, vault);
    faultsInARow = fault === null ? 0 : faultsInARow + 1;
    if (fault !== null && (faultsInARow >= mostFaults || faultsInARow === keys.length)) throw fault;
    arrivals.push({ found, state, there, fault });
  }
  return arrivals;
}

/** The key, to be stored only while the stored one is what this arrival shows. */
export function asShown<Key extends NamedKey>({ found, state, there }: Arrival<Key>): Key & KeyToStore {
  return { ...found, mayReplace: state === 'other' ? [there?.accessKeyId ?? null] : [] };
}

async function stateOf({ profile, key }: NamedKey, vault: Vault): Promise<Omit<Arrival<NamedKey>, 'found'>> {
  try {
    const there = await vault.accessKeyNow(profile);
    if (there === null) return { state: 'new', there, fault: null };
    const isSame = there.accessKeyId === key.accessKeyId && there.secretAccessKey.equals(key.secretAccessKey);
    return { state: isSame ? 'stored' : 'other', there, fault: null };
  } catch (error) {
    if (error instanceof MissingItemError) return { state: 'new', there: null, fault: null };
    // An unreadable item may be a key that another passphrase opens, so only --overwrite replaces
    // it.
    if (error instanceof CorruptItemError) return { state: 'other', there: null, fault: null };
    if (error instanceof VaultError) return { state: 'other', there: null, fault: error };
    throw error;
  }
}
