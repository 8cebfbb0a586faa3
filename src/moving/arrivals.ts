import { VaultError } from '../system/index.ts';
import {
  type AccessKey,
  CorruptItemError,
  type KeyToStore,
  MissingItemError,
  type NamedKey,
  type Vault,
} from '../vault/index.ts';

/** How many items in a row a backend may refuse to read before it counts as broken itself. */
const mostFaults = 3;

/** What storing a key under its name would mean. */
export interface Arrival<Key extends NamedKey> {
  readonly found: Key;
  /**
   * `stored`: the same key is there already; `other`: another key, or an item that cannot be read, is there under this name.
   */
  readonly state: 'new' | 'stored' | 'other';
  /** The key that is there under this name; null if there is none, or none that can be read. */
  readonly there: AccessKey | null;
  /** Why the backend could not tell what it has under this name; null if it could. */
  readonly fault: VaultError | null;
}

/**
 * Compares with what is stored. The backend itself is asked and not the index: an index that was lost, or that a crash left
 * behind, would call a key new whose place another one has. VaultError if the backend tells nothing of any of them, or refuses
 * three in a row.
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

/** To be stored only while what is there is what this arrival says. */
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
    // What cannot be read may be a key that another passphrase opens: only --overwrite replaces it.
    if (error instanceof CorruptItemError) return { state: 'other', there: null, fault: null };
    if (error instanceof VaultError) return { state: 'other', there: null, fault: error };
    throw error;
  }
}
