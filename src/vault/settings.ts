import { type Environment, Secret, UsageError } from '../system/index.ts';
import { insteadOfBackend } from './missing-backends.ts';
import { type BackendName, backendNames } from './records.ts';

/** How the person wants the vault. What is absent is chosen automatically or has the backend's own default. */
export interface VaultSettings {
  readonly backend?: BackendName | undefined;
  /** What named that backend, for `awsh status`: `AWSH_BACKEND names it`. */
  readonly backendWhy?: string | undefined;
  /** Absolute; instead of $XDG_DATA_HOME/awsh/vault. */
  readonly fileFolder?: string | undefined;
  readonly filePassphrase?: Secret | undefined;
  readonly passFolder?: string | undefined;
  readonly passCommand?: string | undefined;
  readonly passPrefix?: string | undefined;
}

/**
 * What the environment says of the vault: AWSH_*, else aws-vault's own variables (its USAGE.md, "Environment
 * variables"). AWS_VAULT_FILE_DIR is not among them: those files have another format, and `import` reads them. UsageError
 * where a backend is named that awsh does not have.
 */
export function vaultSettings(environment: Environment): VaultSettings {
  const either = (name: string) =>
    environment[`AWSH_${name}`] || environment[`AWS_VAULT_${name}`] || undefined;
  const backend = either('BACKEND');
  const passphrase = either('FILE_PASSPHRASE');
  const folder = environment.AWSH_FILE_DIR || undefined;
  if (folder !== undefined && !folder.startsWith('/'))
    throw new UsageError('AWSH_FILE_DIR is not an absolute path');
  return {
    backend: backend === undefined ? undefined : parseBackendName(backend),
    backendWhy: `${environment.AWSH_BACKEND ? 'AWSH_BACKEND' : 'AWS_VAULT_BACKEND'} names it`,
    fileFolder: folder,
    filePassphrase: passphrase === undefined ? undefined : new Secret(passphrase),
    passFolder: either('PASS_PASSWORD_STORE_DIR'),
    passCommand: either('PASS_CMD'),
    passPrefix: either('PASS_PREFIX'),
  };
}

/** A backend by awsh's name or aws-vault's (`secret-service` is the keychain). UsageError for any other. */
export function parseBackendName(text: string): BackendName {
  const name = text === 'secret-service' ? 'keychain' : backendNames.find((known) => known === text);
  if (name !== undefined) return name;
  throw new UsageError(
    `there is no backend ${JSON.stringify(text.slice(0, 40))}`,
    insteadOfBackend(text) ?? `there are: ${backendNames.join(', ')}`,
    'AWSH_BACKEND=file',
  );
}
