import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Environment, findProgram, VaultError } from '../system/index.ts';
import { type ChoiceOptions, chooseBackend } from './backend-choice.ts';
import { IndexFile } from './index-file.ts';
import { probeKeychain, unavailableKeychain } from './keychain-backend.ts';
import { type BackendName, backendNames } from './records.ts';
import { secretServiceState } from './secret-service.ts';
import { accessKeyFile, accessKeyFiles, fileFolder, passStore } from './stored-items.ts';
import { lockedKeychain } from './vault-errors.ts';

/**
 * The state of the vault, as far as it is known without opening a secret, asking the user or
 * changing anything.
 */
export interface BackendHealth {
  readonly name: BackendName;
  /** Why this backend was chosen. */
  readonly why: string;
  /**
   * What would keep a command from reading a secret now, with the next command; null if nothing
   * would.
   */
  readonly fault: VaultError | null;
  /**
   * Profiles whose key is in the index but not in the backend; also empty if that is unknown
   * (keychain).
   */
  readonly missing: readonly string[];
  /**
   * The number of access keys in the backend that are missing in the index; also 0 if that is
   * unknown.
   */
  readonly unknownKeys: number;
  /** True if there is an index that cannot be read. */
  readonly indexIsDamaged: boolean;
  /** Other backends that hold keys, with their number. */
  readonly elsewhere: readonly { readonly name: BackendName; readonly keys: number }[];
}

/** In milliseconds: how long the Secret Service may take to report its state. */
const answerMs = 2_000;

/**
 * Examines the backend that would be chosen. Throws what choosing it throws: UsageError,
 * VaultError.
 */
export async function examineBackend(options: ChoiceOptions): Promise<BackendHealth> {
  const index = new IndexFile(options.paths);
  const content = index.read();
  // The result of the choice is not stored, because this function must change nothing.
  const lookedAt = { read: () => content, update: async () => {} };
  const silent = { ...options, notify: () => {} };
  const { backend, why } = await chooseBackend(silent, lookedAt);
  const { name } = backend;
  const known = content.backends[name].keys.map(({ profile }) => profile);
  const stored = accessKeyFiles(name, options);
  const expected = new Set(known.map(accessKeyFile));
  return {
    name,
    why,
    fault: await faultOf(name, options),
    missing: stored === null ? [] : known.filter((profile) => !stored.has(accessKeyFile(profile))),
    unknownKeys: [...(stored ?? [])].filter((item) => !expected.has(item)).length,
    indexIsDamaged: existsSync(options.paths.index) && index.isLost(),
    elsewhere: backendNames
      .map((other) => ({ name: other, keys: content.backends[other].keys.length }))
      .filter((other) => other.name !== name && other.keys > 0),
  };
}

async function faultOf(name: BackendName, options: ChoiceOptions): Promise<VaultError | null> {
  try {
    if (name === 'keychain') await checkKeychain(options.environment);
    else if (name === 'pass') checkPass(options);
    else await checkFiles(options);
    return null;
  } catch (error) {
    if (error instanceof VaultError) return error;
    throw error;
  }
}

async function checkKeychain(environment: Environment): Promise<void> {
  const probed = await probeKeychain(environment);
  if (!probed.works) throw unavailableKeychain(probed.why);
  if (process.platform !== 'linux') return;
  if ((await secretServiceState(environment, answerMs)).is === 'locked') throw lockedKeychain();
}

async function checkFiles(options: ChoiceOptions): Promise<void> {
  const { checkVaultFiles } = await import('./vault-key.ts');
  await checkVaultFiles(fileFolder(options));
}

function checkPass(options: ChoiceOptions): void {
  const { environment, settings } = options;
  for (const program of [settings.passCommand ?? 'pass', 'gpg']) {
    if (findProgram(program, environment.PATH) !== null) continue;
    throw new VaultError(
      `the program ${program} was not found`,
      'the backend pass runs it',
      'install it, or use another backend: export AWSH_BACKEND=file',
    );
  }
  if (existsSync(join(passStore(options), '.gpg-id'))) return;
  throw new VaultError(
    'the password store was not set up yet',
    'it has no .gpg-id, which names the key that encrypts it',
    'run pass init with the id of one of your keys: gpg --list-secret-keys',
  );
}

/**
 * True if the backend that would be chosen has this profile's access key but the index does not, or
 * if the index cannot be read. False if that is unknown (keychain).
 */
export async function isStoredOutsideIndex(profile: string, options: ChoiceOptions): Promise<boolean> {
  const index = new IndexFile(options.paths);
  if (existsSync(options.paths.index) && index.isLost()) return true;
  const content = index.read();
  const lookedAt = { read: () => content, update: async () => {} };
  const { backend } = await chooseBackend(options, lookedAt);
  const isKnown = content.backends[backend.name].keys.some((record) => record.profile === profile);
  return !isKnown && accessKeyFiles(backend.name, options)?.has(accessKeyFile(profile)) === true;
}
