import { keyHolder, profileNames, sourceChain } from '../profiles/index.ts';
import { AwshError, operandWord, printable, VaultError } from '../system/index.ts';
import { KeyChangedError, type NamedKey } from '../vault/index.ts';
import { short } from './key-words.ts';
import type { RotationRun } from './rotation-run.ts';

/**
 * The profiles whose items contain the old key. Each item is read before it is replaced: if the
 * index is outdated, it may contain another key, which must not be lost.
 */
export async function itemsToChange(
  { vault, say }: RotationRun,
  oldKeyId: string,
  newKeyId: string,
): Promise<string[]> {
  const profiles: string[] = [];
  for (const { profile, accessKeyId } of vault.keys()) {
    if (accessKeyId !== oldKeyId) continue;
    try {
      const key = await vault.accessKey(profile);
      if (key === null || [oldKeyId, newKeyId].includes(key.accessKeyId)) profiles.push(profile);
      else say(`${printable(profile)} holds another key by now (${short(key.accessKeyId)}): left alone`);
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      say(`${printable(profile)} is left alone: ${error.what}`);
    }
  }
  return profiles;
}

/**
 * Stores these keys if the key with this id is still there; an item that another awsh process has
 * changed is left alone.
 */
export async function storeInPlaceOf(
  { vault, say }: RotationRun,
  replaced: string,
  keys: readonly NamedKey[],
): Promise<void> {
  let stored = 0;
  await vault.storeAccessKeys(
    keys.map((named) => ({ ...named, mayReplace: [replaced, named.key.accessKeyId] })),
    () => {
      stored += 1;
    },
    ({ profile }, error) => {
      if (!(error instanceof KeyChangedError)) throw error;
      say(`${printable(profile)} holds another key by now: left alone`);
    },
  );
  if (keys.length === 0 || stored > 0) return;
  const next = 'awsh list';
  throw new AwshError(
    'other',
    'another awsh changed the key meanwhile',
    'what is stored was left alone',
    next,
  );
}

/** Restores the old key if the new one is already current, from an item that still contains it. */
export async function restoreOldKey(run: RotationRun, oldKeyId: string, newKeyId: string): Promise<void> {
  const { vault } = run;
  const changed = vault.keys().filter(({ accessKeyId }) => accessKeyId === newKeyId);
  if (changed.length === 0) return;
  const source = vault.keys().find(({ accessKeyId }) => accessKeyId === oldKeyId);
  const key = source === undefined ? null : await vault.accessKey(source.profile);
  if (key?.accessKeyId !== oldKeyId) {
    throw new AwshError(
      'other',
      `the new key ${short(newKeyId)} was deleted in IAM, and the old one is no longer stored`,
      'the key in the vault was deleted outside awsh',
      `store a key that works: awsh add ${operandWord(changed[0]?.profile ?? '')}`,
    );
  }
  await storeInPlaceOf(
    run,
    newKeyId,
    changed.map(({ profile }) => ({ profile, key })),
  );
}

/**
 * Removes the sessions of these profiles and of every profile whose chain begins with one of them.
 */
export async function dropSessions(
  { vault, files }: RotationRun,
  profiles: readonly string[],
): Promise<void> {
  const begins = (name: string): string | undefined => {
    try {
      const hasKey = (link: string) => profiles.includes(link);
      const base = sourceChain(files, name, hasKey).at(-1)?.name ?? name;
      return keyHolder(files, base, hasKey) ?? undefined;
    } catch {
      return undefined;
    }
  };
  const users = new Set([
    ...profiles,
    ...profileNames(files).filter((name) => profiles.includes(begins(name) ?? '')),
  ]);
  await vault.removeSessions(({ profile }) => users.has(profile));
}
