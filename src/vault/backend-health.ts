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

/** How the vault is, as far as can be told without opening a secret, asking a person or changing anything. */
export interface BackendHealth {
  readonly name: BackendName;
  /** Why this backend serves. */
  readonly why: string;
  /** What would keep a command from a secret now, with the next command; null where nothing would. */
  readonly fault: VaultError | null;
  /** Profiles whose key the index has and the backend has not; empty also where that cannot be told (keychain). */
  readonly missing: readonly string[];
  /** How many access keys lie there that the index does not know; 0 also where that cannot be told. */
  readonly unknownKeys: number;
  /** True where there is an index that cannot be read. */
  readonly indexIsDamaged: boolean;
  /** Backends that hold keys and do not serve, with how many. */
  readonly elsewhere: readonly { readonly name: BackendName; readonly keys: number }[];
}

/** The longest the Secret Service may take to say how it is. */
const answerMs = 2_000;

/** Looks at the backend that would serve. Throws what choosing it throws: UsageError, VaultError. */
export async function examineBackend(options: ChoiceOptions): Promise<BackendHealth> {
  const index = new IndexFile(options.paths);
  const content = index.read();
  // What choosing finds out is not remembered: looking changes nothing.
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
