import { resolve } from 'node:path';
import type { Settings } from '../settings/index.ts';
import type { Environment } from '../system/index.ts';
import { parseBackendName, type VaultSettings, vaultSettings, withVaultSettings } from '../vault/index.ts';
import type { GlobalOptions } from './global-options.ts';

/**
 * How the vault is opened: an option overrides a variable, and a variable overrides the settings
 * file.
 */
export function chosenVaultSettings(
  globals: GlobalOptions,
  environment: Environment,
  settings: Settings,
  cwd: string,
): VaultSettings {
  // An option overrides a variable that names a backend which only aws-vault has.
  const named = globals.backend === undefined ? {} : { AWSH_BACKEND: globals.backend };
  const variables = vaultSettings({ ...environment, ...named });
  const given = {
    ...variables,
    ...(globals.backend !== undefined && {
      backend: parseBackendName(globals.backend),
      backendWhy: '--backend names it',
    }),
    fileFolder: folder(globals.fileDir, cwd) ?? variables.fileFolder,
    passFolder: folder(globals.passDir, cwd) ?? variables.passFolder,
    passCommand: globals.passCmd ?? variables.passCommand,
    passPrefix: globals.passPrefix ?? variables.passPrefix,
  };
  return withVaultSettings(given, settings);
}

function folder(path: string | undefined, cwd: string): string | undefined {
  return path === undefined ? undefined : resolve(cwd, path);
}
