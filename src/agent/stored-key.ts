/** Reads a stored access key for one command of a job (`--no-session`), without keeping it. */
import { silentPrompter } from '../prompt/index.ts';
import { missingBundle, type Plan, type StoredKeysStep, storedKeys } from '../sessions/index.ts';
import type { Settings } from '../settings/index.ts';
import type { AppPaths, Clock, Credentials, Environment, Secret } from '../system/index.ts';
import { holderOfKeys, openVault, vaultSettings, withVaultSettings } from '../vault/index.ts';
import { NotInMemory } from './memory-source.ts';

/** The caller's vault and its settings. */
export interface KeyCaller {
  readonly paths: AppPaths;
  readonly environment: Environment;
  readonly settings: Settings;
}

/** The plan's only step if it gives a stored access key unchanged, else null. */
export function storedKeyStep({ steps }: Plan): StoredKeysStep | null {
  const [step] = steps;
  return steps.length === 1 && step?.kind === 'stored-keys' ? step : null;
}

/**
 * Reads stored keys with the vault keys that the job was unlocked with. Each client of the job's
 * agent may ask for those vault keys, and could read the same access keys itself. Only for the file
 * backend, because no other has such a key.
 */
export class StoredKeyReader {
  constructor(
    private readonly vaultKeys: ReadonlyMap<string, Secret>,
    private readonly clock: Clock,
  ) {}

  /** Throws {@link NotInMemory}, or an AwshError, if Node must answer. */
  async read(step: StoredKeysStep, plan: Plan, caller: KeyCaller): Promise<Credentials> {
    const { paths, environment, settings } = caller;
    if (missingBundle(plan, environment) !== null) throw new NotInMemory();
    const vault = openVault({
      paths,
      environment,
      // No key derivation here, because it would delay all other clients.
      settings: { ...withVaultSettings(vaultSettings(environment), settings), filePassphrase: undefined },
      prompter: silentPrompter(),
      clock: this.clock,
      notify: () => {},
      keyHolder: holderOfKeys((folder) => this.vaultKeys.get(folder)?.reveal()),
    });
    const { name } = await vault.backend();
    if (name !== 'file') throw new NotInMemory();
    return storedKeys(step, vault);
  }
}
