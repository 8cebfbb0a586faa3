/**
 * Finds the places where aws-vault keeps its keys on this machine, by names only: opens nothing and
 * asks nothing.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Environment, findProgram, operandWord, printable, printablePath } from '../system/index.ts';
import { keyringLabels } from '../vault/index.ts';
import { awsVaultFolder, othersInAwsVaultFiles, profilesInAwsVaultFiles } from './aws-vault-files.ts';
import { isAwsVaultKeyName } from './aws-vault-items.ts';
import { awsVaultKeyringName } from './aws-vault-keyring.ts';
import { awsVaultPassStore, profilesInAwsVaultPass } from './aws-vault-pass.ts';
import { listThroughAwsVault } from './aws-vault-program.ts';

export type AwsVaultSource = 'aws-vault-file' | 'aws-vault-keyring' | 'aws-vault-pass' | 'aws-vault';

export interface AwsVaultStore {
  /** The option of `awsh import` that reads it. */
  readonly source: AwsVaultSource;
  /** `aws-vault's files in ~/.awsvault/keys`. */
  readonly title: string;
  readonly profiles: readonly string[];
  /** True if it must be unlocked before its keys can be counted. */
  readonly isLocked: boolean;
}

export interface StoreSearch {
  readonly environment: Environment;
  readonly home: string;
  readonly cwd: string;
  /**
   * True for names in the AWS files: in a password store without a prefix only these are taken for
   * aws-vault's keys.
   */
  readonly isProfile: (name: string) => boolean;
}

/** Files, password store and keyring, whether or not aws-vault is installed. */
export async function awsVaultStores(search: StoreSearch): Promise<AwsVaultStore[]> {
  const { environment, home, cwd } = search;
  const folder = awsVaultFolder(environment, home, cwd);
  const stores: AwsVaultStore[] = [
    {
      source: 'aws-vault-file',
      title: `aws-vault's files in ${printablePath(folder, home)}`,
      profiles: profilesInAwsVaultFiles(folder),
      isLocked: false,
    },
    passStore(search),
    ...(await keyringStore(environment)),
    ...keychainStore(search),
  ];
  return stores.filter(({ profiles, isLocked }) => isLocked || profiles.length > 0);
}

function passStore({ environment, home, isProfile }: StoreSearch): AwsVaultStore {
  const store = awsVaultPassStore(environment, home);
  const isMeant = store.prefix !== '' || environment.AWS_VAULT_BACKEND === 'pass';
  const shown = printablePath(store.folder, home);
  return {
    source: 'aws-vault-pass',
    title: `aws-vault's entries in the password store ${shown}${store.prefix && `/${printable(store.prefix)}`}`,
    profiles: profilesInAwsVaultPass(store, isMeant ? null : isProfile),
    isLocked: false,
  };
}

async function keyringStore(environment: Environment): Promise<AwsVaultStore[]> {
  const name = awsVaultKeyringName(environment);
  const found = await keyringLabels(environment, name);
  if ('is' in found && found.is === 'absent') return [];
  return [
    {
      source: 'aws-vault-keyring',
      title: `aws-vault's keyring ${printable(name)} in the Secret Service`,
      profiles: 'labels' in found ? [...new Set(found.labels)].filter(isAwsVaultKeyName) : [],
      isLocked: 'is' in found,
    },
  ];
}

/** On macOS: a separate keychain, which aws-vault itself opens. */
function keychainStore({ environment, home }: StoreSearch): AwsVaultStore[] {
  const name = environment.AWS_VAULT_KEYCHAIN_NAME || 'aws-vault';
  const path = join(home, 'Library/Keychains', `${name}.keychain-db`);
  const isThere = process.platform === 'darwin' && !name.includes('/') && existsSync(path);
  if (!isThere || findProgram('aws-vault', environment.PATH) === null) return [];
  return [
    { source: 'aws-vault', title: `aws-vault's keychain ${printable(name)}`, profiles: [], isLocked: true },
  ];
}

/**
 * The reason and the next command if aws-vault has a key that a command needs; null if it is not
 * known to have it. With `mayBeLocked`, a store that cannot be read counts.
 */
export async function keyInAwsVault(
  profile: string,
  search: Omit<StoreSearch, 'isProfile'> & { readonly mayBeLocked: boolean },
): Promise<{ readonly why: string; readonly next: string } | null> {
  const stores = await awsVaultStores({ ...search, isProfile: (name) => name === profile });
  const locked = search.mayBeLocked ? stores.find(({ isLocked }) => isLocked) : undefined;
  const store = stores.find(({ profiles }) => profiles.includes(profile)) ?? locked;
  if (store === undefined) return null;
  const { title, isLocked } = store;
  return {
    why: isLocked ? `${title} is locked, and may have one` : `there is a key of this name in ${title}`,
    next: importFrom(store, profile),
  };
}

/** The command that stores this one key. */
export function importFrom({ source }: Pick<AwsVaultStore, 'source'>, profile: string): string {
  return `awsh import --${source} ${operandWord(profile)}`;
}

/**
 * The keys that an installed aws-vault lists in addition to these stores, in a backend that awsh
 * does not read itself. Null if it is not installed, or has no others. It is not asked if a keyring
 * is locked, because it would open a window.
 */
export async function awsVaultProgramStore(
  { environment, home, cwd }: StoreSearch,
  stores: readonly AwsVaultStore[],
): Promise<AwsVaultStore | null> {
  const isInstalled = findProgram('aws-vault', environment.PATH) !== null;
  if (!isInstalled || stores.some(({ isLocked }) => isLocked)) return null;
  // It lists other content of its folder, too, and would wait for a named pipe there.
  const { others, unreadable } = othersInAwsVaultFiles(awsVaultFolder(environment, home, cwd));
  const known = new Set([...stores.flatMap(({ profiles }) => profiles), ...others, ...unreadable]);
  const listed = await listThroughAwsVault(environment).catch(() => []);
  const profiles = listed.filter((name) => !known.has(name));
  const title = 'aws-vault itself, by its program';
  return profiles.length === 0 ? null : { source: 'aws-vault', title, profiles, isLocked: false };
}
