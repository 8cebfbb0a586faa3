import * as fs from 'node:fs';
import { join } from 'node:path';
import { type Environment, printable, shellWord, VaultError } from '../system/index.ts';
import { GpgRefusedError, readPassEntry } from '../vault/index.ts';
import { addAwsVaultItem, isAwshItemName, isAwsVaultKeyName } from './aws-vault-items.ts';
import { type Found, FoundKeys } from './found-keys.ts';

const mostEntries = 5000;
/** How often the user may fail to give a passphrase before anything was opened. */
const mostRefusals = 3;

/**
 * The password store of aws-vault's `pass` backend, and the folder within it; the prefix is empty
 * by default.
 */
export interface AwsVaultPassStore {
  readonly folder: string;
  readonly prefix: string;
}

export function awsVaultPassStore(environment: Environment, home: string): AwsVaultPassStore {
  const { AWS_VAULT_PASS_PASSWORD_STORE_DIR: own, PASSWORD_STORE_DIR: store } = environment;
  const folder = (own || store || join(home, '.password-store')).replace(/^~(?=\/|$)/, home);
  return { folder, prefix: (environment.AWS_VAULT_PASS_PREFIX ?? '').replace(/^\/+|\/+$/g, '') };
}

/**
 * The profiles that may have a key in the store, by the names of its entries; opens none. Without a
 * prefix any entry of the user's could be one, so only names that `isProfile` accepts count.
 */
export function profilesInAwsVaultPass(
  store: AwsVaultPassStore,
  isProfile: ((name: string) => boolean) | null,
): string[] {
  return entriesOf(store).filter((name) => isProfile === null || isProfile(name));
}

/**
 * The access keys that aws-vault stores in a password store, read by `pass`. Other entries are
 * reported as skipped. Throws VaultError (exit 5) if gpg opens nothing.
 */
export async function readAwsVaultPass(
  environment: Environment,
  store: AwsVaultPassStore,
  wanted: readonly string[],
  added: Date,
): Promise<Found> {
  const found = new FoundKeys(added);
  let [opened, refused, asked] = [0, 0, 0];
  let first: VaultError | null = null;
  for (const name of entriesOf(store)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const entry = store.prefix === '' ? name : `${store.prefix}/${name}`;
    const place = `pass ${printable(entry)}`;
    const command = environment.AWS_VAULT_PASS_CMD || undefined;
    try {
      addAwsVaultItem(
        found,
        await readPassEntry({ environment, command, storeFolder: store.folder }, entry),
        name,
        { place, command: 'awsh import --aws-vault-pass' },
      );
      opened += 1;
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      refused += 1;
      first ??= error;
      if (error instanceof GpgRefusedError) asked += 1;
      if (opened === 0 && asked >= mostRefusals) throw error;
      const next = `pass show -- ${shellWord(entry)} >/dev/null`;
      found.passOver(name, `${error.why ?? error.what} (${place})`, {
        advice: 'run this command to see the reason; then import again',
        next,
      });
    }
  }
  if (first !== null && opened === 0 && refused >= mostRefusals) throw first;
  return found;
}

function entriesOf({ folder, prefix }: AwsVaultPassStore): string[] {
  try {
    const names = fs.readdirSync(join(folder, prefix), { recursive: true, encoding: 'utf8' });
    return names
      .filter((name) => name.endsWith('.gpg') && !name.split('/').some((part) => part.startsWith('.git')))
      .map((name) => name.slice(0, -'.gpg'.length))
      .filter((name) => isAwsVaultKeyName(name) && !isAwshItemName(name))
      .slice(0, mostEntries)
      .sort();
  } catch {
    return [];
  }
}
