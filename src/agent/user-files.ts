import { type AwsFiles, readAwsFiles } from '../profiles/index.ts';
import { silentPrompter } from '../prompt/index.ts';
import { readSettings, type Settings } from '../settings/index.ts';
import type { AppPaths, Clock, Environment } from '../system/index.ts';
import { type KeyRecord, openVault, vaultSettings, withVaultSettings } from '../vault/index.ts';
import { FileCache, FileMarks } from './file-cache.ts';

/**
 * The present content of the user's files, read again only if they changed. No secret in them is
 * kept.
 */
export class UserFiles {
  readonly #settings = new FileCache<Settings>();
  readonly #awsFiles = new FileCache<AwsFiles>();
  readonly #keys = new FileCache<readonly KeyRecord[]>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The present state of all files that the other methods read, and of these additional files. */
  marks({ settings, index, awsConfig, awsCredentials }: AppPaths, more: readonly string[] = []): FileMarks {
    return new FileMarks([settings, index, awsConfig, awsCredentials, ...more]);
  }

  settings({ settings, home }: AppPaths): Settings {
    return this.#settings.get([settings], () => readSettings(settings, home));
  }

  awsFiles({ awsConfig, awsCredentials }: AppPaths): AwsFiles {
    return this.#awsFiles.get([awsConfig, awsCredentials], () => readAwsFiles({ awsConfig, awsCredentials }));
  }

  /** The access keys listed in the vault's index; opens no backend. */
  keys(paths: AppPaths, environment: Environment, settings: Settings): readonly KeyRecord[] {
    const chosen = withVaultSettings(vaultSettings(environment), settings);
    const read = () => {
      const [prompter, notify] = [silentPrompter(), () => {}];
      return openVault({
        paths,
        environment,
        settings: chosen,
        prompter,
        clock: this.#clock,
        notify,
      }).keys();
    };
    return this.#keys.get([paths.index], read, chosen.backend);
  }
}

/**
 * True if a path is relative to the caller's folder, which is not the agent's: then Node has to
 * read the files.
 */
export function dependsOnFolder(environment: Environment): boolean {
  return [environment.AWS_CONFIG_FILE, environment.AWS_SHARED_CREDENTIALS_FILE].some(
    (path) => path !== undefined && path !== '' && !/^(\/|~\/|~$)/.test(path),
  );
}
