import type { NamedKey, Vault } from '../vault/index.ts';

/** What storing a key under its name would mean. */
export interface Arrival<Key extends NamedKey> {
  readonly found: Key;
  /** `stored`: the very same key is there already; `other`: another key is there under this name. */
  readonly state: 'new' | 'stored' | 'other';
}

/** Compares with what is stored, by the index; only items that look the same are opened, to compare the secret. */
export async function compareWithVault<Key extends NamedKey>(
  keys: readonly Key[],
  vault: Vault,
): Promise<Arrival<Key>[]> {
  const stored = new Map(vault.keys().map(({ profile, accessKeyId }) => [profile, accessKeyId]));
  const arrivals: Arrival<Key>[] = [];
  for (const found of keys) {
    const accessKeyId = stored.get(found.profile);
    if (accessKeyId === undefined) arrivals.push({ found, state: 'new' });
    else {
      const isSame = accessKeyId === found.key.accessKeyId && (await holds(vault, found));
      arrivals.push({ found, state: isSame ? 'stored' : 'other' });
    }
  }
  return arrivals;
}

async function holds(vault: Vault, { profile, key }: NamedKey): Promise<boolean> {
  const there = await vault.accessKey(profile);
  return there?.accessKeyId === key.accessKeyId && there.secretAccessKey.equals(key.secretAccessKey);
}
