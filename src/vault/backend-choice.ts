import { join } from 'node:path';
import type { Prompter } from '../prompt/index.ts';
import { type AppPaths, type Clock, type Environment, printablePath } from '../system/index.ts';
import type { IndexFile } from './index-file.ts';
import type { Choice, IndexContent } from './index-format.ts';
import type { KeyHolder } from './key-holder.ts';
import { KeychainBackend, probeKeychain } from './keychain-backend.ts';
import { type Backend, type BackendName, backendNames } from './records.ts';
import type { VaultSettings } from './settings.ts';
import { fileFolder } from './stored-items.ts';

export interface ChoiceOptions {
  readonly paths: AppPaths;
  readonly settings: VaultSettings;
  readonly environment: Environment;
  readonly prompter: Prompter;
  readonly clock: Clock;
  readonly notify: (line: string) => void;
  /** Keeps the key of the `file` backend between commands; undefined if nothing does. */
  readonly keyHolder?: KeyHolder | undefined;
}

/** The chosen backend, and the reason for the choice. */
export interface ChosenBackend {
  readonly backend: Backend;
  readonly why: string;
}

/** In milliseconds: how long "there is no keychain" is remembered for a vault without keys. */
const rememberMs = 24 * 60 * 60 * 1000;

/**
 * The backend whose records in the index are used, without opening any: the configured one, else
 * the one with keys, else the remembered one. Null before the first choice.
 */
export function expectedBackend(settings: VaultSettings, index: IndexContent): BackendName | null {
  return settings.backend ?? holderOfKeys(index) ?? index.choice?.backend ?? null;
}

/**
 * Chooses and creates the backend. Probes the keychain only if none is configured, has keys, or is
 * remembered.
 */
export async function chooseBackend(
  options: ChoiceOptions,
  index: Pick<IndexFile, 'read' | 'update'>,
): Promise<ChosenBackend> {
  const { settings } = options;
  if (settings.backend !== undefined)
    return make(options, settings.backend, settings.backendWhy ?? 'it was chosen');
  const content = index.read();
  const holder = holderOfKeys(content);
  if (holder !== null) return make(options, holder, 'the stored keys are in it');
  const remembered = content.choice;
  const age = remembered === null ? Number.NaN : options.clock.now() - remembered.decided.getTime();
  if (remembered?.backend === 'file' && age >= 0 && age < rememberMs)
    return make(options, 'file', remembered.why);
  const choice = await probe(options);
  const isNew = choice.backend !== remembered?.backend || choice.why !== remembered.why;
  if (isNew) say(options, choice);
  if (isNew || choice.backend === 'file') await remember(index, choice);
  return make(options, choice.backend, choice.why);
}

/**
 * The remembered backend takes precedence: if the user has keys in two backends, the choice tells
 * which one is meant.
 */
function holderOfKeys(index: IndexContent): BackendName | null {
  const holds = (name: BackendName) => index.backends[name].keys.length > 0;
  if (index.choice !== null && holds(index.choice.backend)) return index.choice.backend;
  return backendNames.find(holds) ?? null;
}

async function probe(options: ChoiceOptions): Promise<Choice> {
  const result = await probeKeychain(options.environment);
  const decided = new Date(options.clock.now());
  if (result.works) return { backend: 'keychain', why: 'the keychain answers', decided };
  return { backend: 'file', why: `no keychain: ${result.why}`, decided };
}

/**
 * If the choice cannot be stored, it is made again next time. A read-only disk is an error only for
 * a write.
 */
async function remember(index: Pick<IndexFile, 'update'>, choice: Choice): Promise<void> {
  const write = index.update((content) => {
    content.choice = choice;
  });
  await write.catch(() => undefined);
}

function say(options: ChoiceOptions, choice: Choice): void {
  if (choice.backend !== 'file') return;
  const folder = printablePath(fileFolder(options), options.paths.home);
  options.notify(`${choice.why}; secrets are kept in encrypted files in ${folder}`);
}

async function make(options: ChoiceOptions, name: BackendName, why: string): Promise<ChosenBackend> {
  return { backend: await makeBackend(options, name), why };
}

async function makeBackend(options: ChoiceOptions, name: BackendName): Promise<Backend> {
  const { settings, environment, prompter, notify, paths } = options;
  if (name === 'keychain') {
    return new KeychainBackend({
      environment,
      // Determined only if the keychain is locked.
      get canAsk() {
        return prompter.canAsk;
      },
      notify,
    });
  }
  if (name === 'pass') {
    const { PassBackend } = await import('./pass-backend.ts');
    const { passCommand: command, passFolder: storeFolder, passPrefix: prefix } = settings;
    return new PassBackend({ environment, command, storeFolder, prefix });
  }
  const [{ FileBackend }, { passphraseKeySource }] = await Promise.all([
    import('./file-backend.ts'),
    import('./passphrase.ts'),
  ]);
  const folder = fileFolder(options);
  const place = { folder, lock: join(paths.locks, 'vault-key.lock') };
  const source = passphraseKeySource(
    place,
    settings.filePassphrase,
    prompter,
    settings.filePassphraseVariable,
  );
  if (options.keyHolder === undefined) return new FileBackend(folder, source);
  const { heldKeySource } = await import('./key-holder.ts');
  return new FileBackend(
    folder,
    heldKeySource(source, folder, options.keyHolder, settings.filePassphrase === undefined),
  );
}
