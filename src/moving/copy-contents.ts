/**
 * Finds out what a copy of an AWS file contains that the vault does not: such a file must not be
 * deleted.
 */
import { readChecked, Secret, VaultError } from '../system/index.ts';
import { type NamedKey, storableKeyIdFault, storableSecretFault, type Vault } from '../vault/index.ts';
import { isTemporaryKeyId } from './found-keys.ts';
import { findPlainPairs, type PlainPair } from './plain-keys.ts';
import { wordsIn } from './same-key-elsewhere.ts';

export interface CopyContents {
  /** The sections whose key is not in the vault. */
  readonly missing: readonly string[];
  /**
   * The sections whose keys `awsh import` can import from this file, or remove from it because they
   * are stored.
   */
  readonly importable: readonly string[];
  /**
   * True if the file contains anything else that may be a key and is not in the vault: in a
   * comment, or outside of sections.
   */
  readonly hasMore: boolean;
}

/** The keys that are not in the vault under any name, with the same id and the same secret. */
export async function keysOutsideVault<Key extends NamedKey>(
  keys: readonly Key[],
  vault: Vault,
): Promise<Key[]> {
  const ids = new Set(keys.map(({ key }) => key.accessKeyId));
  return without(keys, await storedKeys(vault, ids));
}

/** The keys that are not among the stored ones, with the same id and the same secret. */
function without<Key extends NamedKey>(keys: readonly Key[], stored: readonly NamedKey[]): Key[] {
  const isStored = ({ key }: Key) =>
    stored.some(
      ({ key: it }) => it.accessKeyId === key.accessKeyId && it.secretAccessKey.equals(key.secretAccessKey),
    );
  return keys.filter((key) => !isStored(key));
}

/**
 * Compares everything in the file that is, or may be, a long-term key with what the vault now
 * holds.
 */
export async function keysOnlyInFile(path: string, vault: Vault): Promise<CopyContents> {
  const words = new Set(wordsIn(path));
  const found = findPlainPairs([{ path, kind: 'credentials', bytes: readChecked(path).toString('latin1') }]);
  const pairs = found.flatMap((it) => ('why' in it || it.hasToken ? [] : [namedKey(it)]));
  const ids = new Set([...words, ...pairs.map(({ key }) => key.accessKeyId)]);
  const stored = await storedKeys(vault, ids);
  const outside = without(
    pairs.filter(({ key }) => !isTemporaryKeyId(key.accessKeyId)),
    stored,
  );
  const taken = new Set(vault.keys().map(({ profile }) => profile));
  const isImportable = (named: NamedKey) =>
    outside.includes(named)
      ? !taken.has(named.profile) && isStorable(named)
      : stored.some(({ profile }) => profile === named.profile);
  const known = new Set(
    [...stored, ...pairs].flatMap(({ key }) => [key.accessKeyId, key.secretAccessKey.reveal()]),
  );
  const unclear = found.flatMap((it) => ('why' in it ? [it] : []));
  const isUnknown = (value: string) => value !== '' && !isTemporaryKeyId(value) && !known.has(value);
  const odd = unclear.filter(({ sections }) =>
    sections.some(({ keyLines }) =>
      keyLines.some(({ field, value }) => field !== 'token' && isUnknown(value)),
    ),
  );
  return {
    missing: [...outside.map(({ profile }) => profile), ...odd.map(({ name }) => name).filter(Boolean)],
    importable: pairs.filter(isImportable).map(({ profile }) => profile),
    hasMore:
      odd.some(({ name }) => name === '') || [...words].some((word) => looksLikeKey(word) && isUnknown(word)),
  };
}

function namedKey({ profile, id, secret }: PlainPair): NamedKey {
  const key = { accessKeyId: id.value, secretAccessKey: new Secret(secret.value), added: new Date(0) };
  return { profile, key };
}

function isStorable({ key }: NamedKey): boolean {
  const secret = key.secretAccessKey.reveal();
  return (storableKeyIdFault(key.accessKeyId, false) ?? storableSecretFault(secret, false)) === null;
}

/** The id of an IAM user's key, or a word with the form of a secret. */
function looksLikeKey(word: string): boolean {
  return /^AKIA[A-Z0-9]{12,124}$/.test(word) || /^(?=.*[A-Z])(?=.*[a-z])[A-Za-z0-9+/]{40}$/.test(word);
}

/**
 * The stored keys with these ids. One that cannot be read is left out, as if it were not stored.
 */
async function storedKeys(vault: Vault, ids: ReadonlySet<string>): Promise<NamedKey[]> {
  const stored: NamedKey[] = [];
  for (const { profile, accessKeyId } of vault.keys()) {
    if (!ids.has(accessKeyId)) continue;
    try {
      const key = await vault.accessKeyNow(profile);
      if (key !== null) stored.push({ profile, key });
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
    }
  }
  return stored;
}
