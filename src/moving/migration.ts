import { UsageError } from '../system/index.ts';
import type { KeyRecord, NamedKey, Vault } from '../vault/index.ts';

/** What moving keys from one backend to another would do, by the index alone. */
export interface Migration {
  /** Not in the target yet. */
  readonly fresh: readonly KeyRecord[];
  /** In the target too: under the same key id, or another. */
  readonly there: readonly KeyRecord[];
}

/** UsageError where the source has no key at all, or none of this profile. */
export function planMigration(source: Vault, target: Vault, profile: string | undefined): Migration {
  const keys = source.keys().filter((record) => profile === undefined || record.profile === profile);
  if (keys.length === 0) {
    throw new UsageError('there is no such key in the backend to migrate from', undefined, 'awsh list');
  }
  const taken = new Set(target.keys().map((record) => record.profile));
  return {
    fresh: keys.filter((record) => !taken.has(record.profile)),
    there: keys.filter((record) => taken.has(record.profile)),
  };
}

/**
 * Copies these keys; each is read back from the target and compared. Returns what was copied. Throws at the first that
 * cannot be: those before it are in both backends.
 */
export async function migrateKeys(
  source: Vault,
  target: Vault,
  records: readonly KeyRecord[],
): Promise<NamedKey[]> {
  const keys: NamedKey[] = [];
  for (const { profile } of records) {
    const key = await source.accessKey(profile);
    if (key !== null) keys.push({ profile, key });
  }
  await target.storeAccessKeys(keys);
  return keys;
}
