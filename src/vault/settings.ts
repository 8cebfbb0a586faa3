import type { Settings } from '../settings/index.ts';
import { type Environment, printable, Secret, UsageError } from '../system/index.ts';
import { insteadOfBackend } from './missing-backends.ts';
import { type BackendName, backendNames } from './records.ts';

/**
 * The user's settings for the vault. What is undefined is chosen automatically or has the backend's
 * own default.
 */
export interface VaultSettings {
  readonly backend?: BackendName | undefined;
  /** What named that backend, for `awsh status`: `AWSH_BACKEND names it`. */
  readonly backendWhy?: string | undefined;
  /** Absolute; replaces $XDG_DATA_HOME/awsh/vault. */
  readonly fileFolder?: string | undefined;
  readonly filePassphrase?: Secret | undefined;
  /** The variable that `filePassphrase` comes from. */
  readonly filePassphraseVariable?: string | undefined;
  readonly passFolder?: string | undefined;
  readonly passCommand?: string | undefined;
  readonly passPrefix?: string | undefined;
}

/**
 * The vault's settings in the environment: AWSH_*, else aws-vault's own variables (its USAGE.md,
 * "Environment variables"). AWS_VAULT_FILE_DIR is not among them: those files have another format,
 * and `import` reads them. Throws UsageError for a backend that awsh does not have.
 */
export function vaultSettings(environment: Environment): VaultSettings {
  const either = (name: string) =>
    environment[`AWSH_${name}`] || environment[`AWS_VAULT_${name}`] || undefined;
  const backend = either('BACKEND');
  const variable = environment.AWSH_BACKEND ? 'AWSH_BACKEND' : 'AWS_VAULT_BACKEND';
  const passphrase = either('FILE_PASSPHRASE');
  const folder = environment.AWSH_FILE_DIR || undefined;
  if (folder !== undefined && !folder.startsWith('/'))
    throw new UsageError(
      'AWSH_FILE_DIR is not an absolute path',
      'it would mean a different folder in each directory',
      'unset AWSH_FILE_DIR',
    );
  return {
    backend: backend === undefined ? undefined : parseBackendName(backend, variable),
    backendWhy: `${variable} names it`,
    fileFolder: folder,
    filePassphrase: passphrase === undefined ? undefined : new Secret(passphrase),
    filePassphraseVariable: environment.AWSH_FILE_PASSPHRASE
      ? 'AWSH_FILE_PASSPHRASE'
      : 'AWS_VAULT_FILE_PASSPHRASE',
    passFolder: either('PASS_PASSWORD_STORE_DIR'),
    passCommand: either('PASS_CMD'),
    passPrefix: either('PASS_PREFIX'),
  };
}

/**
 * The settings for every process that opens a vault: what is `given` (by options or variables;
 * neither for a directory), else the settings file.
 */
export function withVaultSettings(
  given: VaultSettings,
  { backend, fileDir, passPrefix }: Pick<Settings, 'backend' | 'fileDir' | 'passPrefix'>,
): VaultSettings {
  return {
    ...given,
    backend: given.backend ?? backend ?? undefined,
    backendWhy: given.backend === undefined ? 'the setting backend names it' : given.backendWhy,
    fileFolder: given.fileFolder ?? fileDir ?? undefined,
    passPrefix: given.passPrefix ?? passPrefix ?? undefined,
  };
}

/**
 * A backend by awsh's name or aws-vault's (`secret-service` is the keychain). Throws UsageError for
 * any other; `variable` is the variable that names it, if there is one.
 */
export function parseBackendName(text: string, variable?: string): BackendName {
  const name = text === 'secret-service' ? 'keychain' : backendNames.find((known) => known === text);
  if (name !== undefined) return name;
  const { why, backend } = insteadOfBackend(text) ?? {
    why: `there are: ${backendNames.join(', ')}`,
    backend: 'file',
  };
  throw new UsageError(
    `there is no backend ${JSON.stringify(printable(text.slice(0, 40)))}`,
    variable === undefined ? why : `${variable} names it; ${why}`,
    // AWSH_BACKEND overrides aws-vault's variable, which aws-vault may still need.
    `export AWSH_BACKEND=${backend}`,
  );
}
