import type { CommandInput, Context } from '../cli/index.ts';
import { type AwsFiles, findProfile, nearestNames, profileNames } from '../profiles/index.ts';
import {
  CancelledError,
  NoCredentialsError,
  PersonNeededError,
  printable,
  printablePath,
  similarNamesText,
} from '../system/index.ts';
import { CorruptItemError, type Vault } from '../vault/index.ts';
import { keyInFile } from './key-in-file.ts';

/**
 * `awsh remove PROFILE`: removes the stored access key and its sessions; with -s only the sessions.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const profile = input.required('PROFILE');
  const shown = printable(profile);
  const vault = await context.vault();
  const files = await context.awsFiles();
  const isKnown = findProfile(files, profile) !== null;
  // Searching for a key may ask for a passphrase, so it is skipped if only sessions of a known
  // profile are removed.
  const key = input.flag('sessions-only') && isKnown ? null : await storedKey(vault, profile);
  const sessions = vault.sessions().filter((record) => record.profile === profile).length;
  const withKey = key !== null && !input.flag('sessions-only');
  if (input.flag('sessions-only') && (key !== null || isKnown)) {
    // Sessions can be fetched again: like aws-vault, this does not ask, and having nothing to
    // remove is not an error.
    const removed = await vault.removeSessions((record) => record.profile === profile);
    await context.output.print(`Removed ${count(removed) ?? 'no session'} of ${shown}.\n`);
    return 0;
  }
  if (!withKey && sessions === 0)
    throw nothingStored(
      profile,
      vault.keys().map((record) => record.profile),
    );

  const what = [withKey ? key.words : null, count(sessions)].filter(Boolean);
  const question = `remove ${what.join(' and ')} of ${shown}`;
  if (!input.flag('force')) await confirm(context, question, withKey ? dependants(files, profile) : []);
  // A key that was not shown is not compared: reading it may ask for a passphrase, for gpg or a
  // keychain.
  if (withKey) await vault.removeAccessKey(profile, input.flag('force') ? undefined : [key.id]);
  await vault.removeSessions((record) => record.profile === profile);
  await context.refreshNames();
  await context.output.print(`Removed ${what.join(' and ')} of ${shown}.\n`);
  if (withKey) tellWhatStays(context, files, profile);
  return 0;
}

function tellWhatStays(context: Context, files: AwsFiles, profile: string): void {
  const { paths, output } = context;
  const section = findProfile(files, profile);
  const inFile = keyInFile(context, files, profile);
  const places =
    section === null ? [] : [section.place, ...[...section.properties.values()].map((it) => it.place)];
  const where = [...new Set(places.map(({ file }) => printablePath(file, paths.home)))].join(' and ');
  const profileStays = where === '' ? '' : `the profile stays in ${where}, and `;
  output.tell(`  ${profileStays}the key stays valid in IAM`);
  if (inFile !== null) {
    const id = `****${printable(inFile.accessKeyId.slice(-4))}`;
    output.tell(
      `  ${printable(profile)} has the key ${id} from now on: it is in plain text at ${inFile.shown}`,
    );
  }
}

interface StoredKey {
  readonly words: string;
  /** Null if it cannot be read. */
  readonly id: string | null;
}

/**
 * The key stored for the profile. The index may have been lost, so the backend is asked for a key
 * that is not in it.
 */
async function storedKey(vault: Vault, profile: string): Promise<StoredKey | null> {
  const recorded = () => vault.keys().find((record) => record.profile === profile);
  try {
    const id = (recorded() ?? (await vault.accessKey(profile)))?.accessKeyId;
    return id === undefined ? null : { words: `the access key ****${id.slice(-4)}`, id };
  } catch (error) {
    if (!(error instanceof CorruptItemError)) throw error;
    return { words: 'the access key, which cannot be read,', id: null };
  }
}

function count(sessions: number): string | null {
  return sessions === 0 ? null : sessions === 1 ? '1 session' : `${sessions} sessions`;
}

async function confirm(context: Context, question: string, users: readonly string[]): Promise<void> {
  const prompter = await context.prompter();
  if (!prompter.canAsk) {
    throw new PersonNeededError(
      'remove asks for confirmation',
      'there is no terminal to ask in',
      'add --force',
    );
  }
  if (users.length > 0) prompter.tell(`these profiles use it: ${users.map(printable).join(', ')}`);
  if (!(await prompter.confirm(question))) throw new CancelledError('nothing was removed');
}

/** The profiles that name this one in source_profile. */
function dependants(files: AwsFiles, profile: string): string[] {
  return profileNames(files).filter(
    (name) =>
      name !== profile && findProfile(files, name)?.properties.get('source_profile')?.value === profile,
  );
}

function nothingStored(profile: string, names: readonly string[]): NoCredentialsError {
  const near = nearestNames(profile, names).map(printable);
  return new NoCredentialsError(
    `nothing is stored for ${JSON.stringify(printable(profile))}`,
    near.length > 0 ? similarNamesText(near) : undefined,
    'awsh list',
  );
}
