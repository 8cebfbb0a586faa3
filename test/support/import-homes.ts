import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentPrompter } from '../../src/prompt/index.ts';
import { appPaths, Secret, systemClock } from '../../src/system/index.ts';
import { openVault, type Vault, vaultSettings } from '../../src/vault/index.ts';
import { runHere } from './run-awsh.ts';
import { type TemporaryHome, temporaryHome } from './temporary-home.ts';

/** A valid key that AWS never issued. */
export const sample = (name: string) => ({
  id: `AKIA${name.toUpperCase().padEnd(16, '2').slice(0, 16)}`,
  secret: `${name}/of+EXAMPLE/secret/key/`.padEnd(40, 'x').slice(0, 40),
});

/** A home whose vault is the file backend, unlocked by a variable, and without an agent. */
export interface ImportHome extends TemporaryHome {
  environment: Record<string, string>;
  /** Runs a command line without a terminal. */
  run(...args: string[]): ReturnType<typeof runHere>;
  read(name: string): string;
  /** The stored keys: `{profile: 'ID SECRET'}`. */
  stored(...profiles: string[]): Promise<Record<string, string>>;
}

export function importHome(options: { keep?: boolean } = {}): ImportHome {
  const home = temporaryHome(options);
  const environment = {
    ...home.environment,
    AWSH_BACKEND: 'file',
    AWSH_FILE_PASSPHRASE: 'correct horse',
    AWSH_AGENT: 'off',
  };
  const run = (...args: string[]) => runHere(args, environment);
  return {
    ...home,
    environment,
    run,
    read: (name) => readFileSync(join(home.path, name), 'utf8'),
    async stored(...profiles) {
      const vault = silentVault(environment);
      const found: Record<string, string> = {};
      for (const profile of profiles) {
        const key = await vault.accessKey(profile);
        found[profile] = `${key?.accessKeyId} ${key?.secretAccessKey.reveal()}`;
      }
      return found;
    },
  };
}

/** The vault for these variables, which asks no questions. */
export function silentVault(
  environment: Record<string, string>,
  settings: Parameters<typeof openVault>[0]['settings'] = vaultSettings(environment),
): Vault {
  return openVault({
    paths: appPaths(environment),
    settings,
    environment,
    prompter: silentPrompter(),
    clock: systemClock,
    notify: () => {},
  });
}

/** The stored key of a profile. */
export const sampleKey = (name: string) => ({
  accessKeyId: sample(name).id,
  secretAccessKey: new Secret(sample(name).secret),
  added: new Date(0),
});

/** The form in which the AWS CLI writes a key into the credentials file. */
export function plainText(name: string, lineBreak = '\n'): string {
  const { id, secret } = sample(name);
  return [`[${name}]`, `aws_access_key_id = ${id}`, `aws_secret_access_key = ${secret}`, ''].join(lineBreak);
}

export const inWords = (name: string) => `${sample(name).id} ${sample(name).secret}`;
