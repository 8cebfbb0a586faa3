import { type AwshError, UsageError, VaultError } from '../system/index.ts';
import type { KeyRecord, NamedKey, Vault } from '../vault/index.ts';
import { type Arrival, asShown, compareWithVault } from './arrivals.ts';

/** What moving keys from one backend to another would do, according to the index. */
export interface Migration {
  /** Not in the target yet. */
  readonly fresh: readonly KeyRecord[];
  /** Also in the target, with the same key id or another. */
  readonly there: readonly KeyRecord[];
}

/** Throws UsageError if the source has no key at all, or none for this profile. */
export function planMigration(source: Vault, target: Vault, profile: string | undefined): Migration {
  const keys = source.keys().filter((record) => profile === undefined || record.profile === profile);
  if (keys.length === 0) {
    throw new UsageError('the source backend has no such key', undefined, 'awsh list');
  }
  const taken = new Set(target.keys().map((record) => record.profile));
  return {
    fresh: keys.filter((record) => !taken.has(record.profile)),
    there: keys.filter((record) => taken.has(record.profile)),
  };
}

/** A key that stays only in the source, and why. */
export interface FailedMove {
  readonly profile: string;
  readonly error: AwshError;
}

export interface MigrationResult {
  /** Copied, read back from the target and compared. */
  readonly copied: readonly NamedKey[];
  /** The same key was already in the target. */
  readonly same: readonly NamedKey[];
  /** The target has another key under this name; its index may not list it. */
  readonly kept: readonly Arrival<NamedKey>[];
  /** Those of `copied` that replaced another key in the target. */
  readonly replaced: readonly Arrival<NamedKey>[];
  readonly failed: readonly FailedMove[];
}

/**
 * Copies these keys; each is read back from the target and compared. A key that cannot be read or
 * stored is left where it is, and the others follow. Another key in the target is replaced only
 * with `overwrites`. Throws VaultError if a backend fails completely; keys copied before that are
 * in both.
 */
export async function migrateKeys(
  source: Vault,
  target: Vault,
  records: readonly KeyRecord[],
  overwrites: boolean,
): Promise<MigrationResult> {
  const failed: FailedMove[] = [];
  const keys: NamedKey[] = [];
  for (const { profile } of records) {
    try {
      const key = await source.accessKey(profile);
      if (key !== null) keys.push({ profile, key });
    } catch (error) {
      if (!(error instanceof VaultError) || records.length === 1) throw error;
      failed.push({ profile, error });
    }
  }
  const [first] = failed;
  if (keys.length === 0 && first !== undefined) throw first.error;
  const arrivals = await compareWithVault(keys, target);
  const others = arrivals.filter(({ state, fault }) => state === 'other' && fault === null);
  const kept = overwrites ? [] : others;
  const same = arrivals.filter(({ state }) => state === 'stored').map(({ found }) => found);
  const copied: NamedKey[] = [];
  for (const { found, fault } of arrivals)
    if (fault !== null) failed.push({ profile: found.profile, error: fault });
  const isWanted = ({ state, fault }: Arrival<NamedKey>) =>
    fault === null && (state === 'new' || (state === 'other' && overwrites));
  const wanted = arrivals.filter(isWanted).map(asShown);
  await target.storeAccessKeys(
    wanted,
    (named) => copied.push(named),
    ({ profile }, error) => failed.push({ profile, error }),
  );
  const names = new Set(copied.map(({ profile }) => profile));
  const replaced = overwrites ? others.filter(({ found }) => names.has(found.profile)) : [];
  return { copied, same, kept, replaced, failed };
}
