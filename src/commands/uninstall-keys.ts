// Access keys and `awsh uninstall`: writes keys back to plain text, and removes them from the
// vault. A key is never lost without a message.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Context, tellProblem } from '../cli/index.ts';
import { isInPlainText, putKeysBack } from '../moving/index.ts';
import { editableCredentials } from '../profiles/index.ts';
import { CancelledError, explained, printable, printablePath, removeIfEmpty } from '../system/index.ts';
import type { NamedKey } from '../vault/index.ts';
import { tellingHardLinks } from './hard-links.ts';
import { namesOf, numberOf } from './key-list.ts';
import type { Installed, KeysInBackend } from './uninstall-found.ts';

/** Writes the keys back. Returns how many failed; those stay in the vault. */
export async function exportKeys(context: Context, opened: NamedKey[][]): Promise<number> {
  const { paths, output } = context;
  const file = editableCredentials(paths);
  const files = await context.awsFiles();
  let left = 0;
  for (const keys of opened) {
    const done = await tellingHardLinks(context, file, () => putKeysBack(file, files, keys));
    const shown = printablePath(paths.awsCredentials, paths.home);
    if (done.written.length > 0)
      output.tell(
        `awsh: wrote ${numberOf(done.written)} to ${shown}, in plain text: ${namesOf(done.written)}`,
      );
    if (done.there.length > 0) output.tell(`awsh: already in plain text: ${namesOf(done.there)}`);
    for (const { named, why } of done.left) {
      left += 1;
      const what = `the key of ${printable(named.profile)} was not written, and stays in the vault`;
      await tellProblem(output, what, why, 'awsh list');
    }
  }
  return left;
}

/** Every key is read before the first is written, so that a locked keychain stops all of it. */
export async function openAll(stored: Installed['stored']): Promise<NamedKey[][]> {
  const opened: NamedKey[][] = [];
  for (const { vault, keys } of stored) {
    const named: NamedKey[] = [];
    for (const { profile } of keys) {
      const key = await vault.accessKeyNow(profile);
      if (key !== null) named.push({ profile, key });
    }
    opened.push(named);
  }
  return opened;
}

/** Asks now what {@link removeKeys} would ask for. A key that cannot be read can still be removed. */
export async function prepareKeyRemovals(stored: Installed['stored']): Promise<void> {
  for (const { vault, keys } of stored)
    await vault.prepareRemovals(
      keys.map(({ profile }) => profile),
      false,
    );
}

/**
 * Removes keys from the vault; with `needsCopy` only those that the AWS files also have. Returns
 * how many stay.
 */
export async function removeKeys(
  context: Context,
  stored: Installed['stored'],
  needsCopy: boolean,
): Promise<number> {
  let left = 0;
  for (const each of stored) left += await removeFrom(context, each, needsCopy);
  return left;
}

async function removeFrom(
  context: Context,
  { backend, vault, keys }: KeysInBackend,
  needsCopy: boolean,
): Promise<number> {
  const files = await context.awsFiles();
  let left = 0;
  for (const { profile, accessKeyId } of keys) {
    try {
      const key = needsCopy ? await vault.accessKeyNow(profile) : null;
      if (key !== null && !isInPlainText(files, { profile, key })) left += 1;
      else await vault.removeAccessKey(profile, [key?.accessKeyId ?? accessKeyId, null]);
    } catch (thrown) {
      const error = explained(thrown);
      if (error === null || error instanceof CancelledError) throw thrown;
      left += 1;
      const what = `the key of ${printable(profile)} stays in ${backend}: ${error.what}`;
      await tellProblem(context.output, what, error.why, error.next);
    }
  }
  const removed = keys.length - left;
  if (removed > 0)
    context.output.tell(
      `awsh: removed ${removed === 1 ? '1 access key' : `${removed} access keys`} from ${backend}`,
    );
  return left;
}

/**
 * Sessions can be fetched again, so this does not ask. What the sealing key encrypts is removed with
 * the state files.
 */
export async function removeSessions({ vaults }: Installed): Promise<void> {
  for (const vault of vaults) {
    await vault.removeSessions(() => true);
    await vault.removeSealingKey();
  }
}

/** According to the index: nothing in any backend. */
export function isVaultEmpty({ vaults }: Installed): boolean {
  return vaults.every(
    (vault) => vault.keys().length + vault.sessions().length === 0 && !vault.hasSealingKey(),
  );
}

/**
 * Removes the remains of a vault without keys. If its folder has items that are not in the index,
 * all of it stays.
 */
export function removeEmptyVault({ paths, output }: Context): void {
  const items = namesIn(paths.vault).filter((name) => name !== 'vault.key');
  if (items.length > 0) {
    output.tell(
      `awsh: ${printablePath(paths.vault, paths.home)} has items that the index does not know, and stays`,
    );
    return;
  }
  for (const path of [join(paths.vault, 'vault.key'), paths.index]) rmSync(path, { force: true });
  for (const folder of [paths.vault, join(paths.data, 'rotations'), paths.data]) removeIfEmpty(folder);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
