import type { CommandInput, Context } from '../cli/index.ts';
import { type AwsVaultStore, awsVaultProgramStore, awsVaultStores, type FoundKey } from '../moving/index.ts';
import { findProfile } from '../profiles/index.ts';
import { printablePath } from '../system/index.ts';
import { awsVaultEnvironment, type Gathered, gatherKeys, type ImportSource } from './import-source.ts';
import { readableAwsFiles } from './readable-aws-files.ts';

/** A place where keys were found. */
export interface KeyPlace {
  readonly source: ImportSource;
  /** For the user: `plain text in ~/.aws/credentials`. */
  readonly title: string;
  readonly profiles: readonly string[];
  /** True if it must be unlocked before its keys can be counted. */
  readonly isLocked: boolean;
  /** Opens the place, and may ask for a passphrase. */
  readonly gather: () => Promise<Gathered>;
}

/**
 * All places on this machine with access keys that could be imported. Opens nothing and asks
 * nothing.
 */
export async function findKeyPlaces(context: Context, input: CommandInput): Promise<KeyPlace[]> {
  const stores = await findAwsVaultStores(context);
  const places = stores.map((store) => ({
    ...store,
    gather: () => gatherKeys(context, input, store.source, store.profiles),
  }));
  return [await plainTextPlace(context, input), ...places];
}

/** The places where aws-vault keeps keys on this machine. */
export async function findAwsVaultStores(context: Context): Promise<AwsVaultStore[]> {
  const files = readableAwsFiles(context.paths);
  const { paths, cwd } = context;
  const search = {
    environment: awsVaultEnvironment(context),
    home: paths.home,
    cwd,
    isProfile: (name: string) => findProfile(files, name) !== null,
  };
  const stores = await awsVaultStores(search);
  const program = await awsVaultProgramStore(search, stores);
  return program === null ? stores : [...stores, program];
}

/** Included even if it has no key, so that skipped entries are named. */
async function plainTextPlace(context: Context, input: CommandInput): Promise<KeyPlace> {
  let gathered: Gathered;
  try {
    gathered = await gatherKeys(context, input, 'plain-text');
  } catch (error) {
    const gather = async () => {
      throw error;
    };
    return { source: 'plain-text', title: 'plain text', profiles: [], isLocked: false, gather };
  }
  const { keys } = gathered.found;
  return {
    source: 'plain-text',
    title: `plain text in ${filesOf(context, keys)}`,
    profiles: keys.map(({ profile }) => profile),
    isLocked: false,
    gather: async () => gathered,
  };
}

function filesOf({ paths }: Context, keys: readonly FoundKey[]): string {
  const files = new Set(keys.map(({ place }) => place.replace(/:\d+$/, '')));
  return files.size === 0 ? printablePath(paths.awsCredentials, paths.home) : [...files].join(' and ');
}
