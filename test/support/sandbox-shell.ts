import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/demo/index.ts';
import { silentPrompter } from '../../src/prompt/index.ts';
import { appPaths, Secret, systemClock } from '../../src/system/index.ts';
import { type KeyHolder, openVault } from '../../src/vault/index.ts';
import { quickPackage, wrapQuickly } from './quick-package.ts';
import { temporaryHome } from './temporary-home.ts';
import { openShell, type ShellName, type ShellTerminal } from './terminal.ts';

/** The package as it is built: its launcher, hooks and Node program. */
export const packageFolder = resolve(import.meta.dirname, '../..');

const passphrase = 'correct horse battery staple';

/** A shell with the real hook, in a home with three projects, a vault and an emulated AWS. */
export interface SandboxShell {
  readonly sandbox: Sandbox;
  readonly shell: ShellTerminal;
  /** The shell's exported variables, as a child sees them. */
  readonly environment: () => Promise<Record<string, string>>;
  /** A second shell of the same home. */
  readonly another: (name: ShellName, options?: SandboxShellOptions) => Promise<ShellTerminal>;
}

export interface SandboxShellOptions {
  /** Lines of the rc file before the hook is sourced. */
  readonly before?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The shell's executable, where it is not the one on PATH. */
  readonly program?: string;
  /** The package whose hook is sourced, where it is not this one. */
  readonly package?: string;
  /** True for quickPackage(), and a vault that only it opens. */
  readonly quick?: boolean;
}

/** Opens the sandbox with its key stored. It is removed when the test ends. */
export async function openSandboxShell(
  name: ShellName,
  options: SandboxShellOptions = {},
): Promise<SandboxShell> {
  const home = temporaryHome();
  const sandbox = await createSandbox(join(home.path, 'home'));
  onTestFinished(() => sandbox.close());
  await storeKey(sandbox);
  const usual = options.quick ? await useFewRounds(sandbox) : packageFolder;
  const another = (shellName: ShellName, more: SandboxShellOptions = {}) =>
    openShell(shellName, {
      home: { ...home, path: sandbox.home, environment: sandboxEnvironment(sandbox) },
      environment: { AWSH_AGENT: 'off', ...more.environment },
      ...(more.program === undefined ? {} : { program: more.program }),
      rc: `${more.before ?? ''}\nsource ${more.package ?? usual}/shell/awsh.${shellName}`,
    });
  const shell = await another(name, options);
  return {
    sandbox,
    shell,
    another,
    environment: async () => {
      await shell.run(`command env -0 >${sandbox.home}/environment`);
      return parseEnvironment(readFileSync(join(sandbox.home, 'environment'), 'utf8'));
    },
  };
}

/** The environment of a program in the sandbox. */
export function sandboxEnvironment(sandbox: Sandbox): Record<string, string> {
  const PATH = process.env.PATH ?? '';
  return { ...sandbox.environment, PATH, LANG: 'C.UTF-8', AWSH_FILE_PASSPHRASE: passphrase };
}

/** Stores the sandbox's key in the file backend, as `awsh add` would. */
export function storeKey(sandbox: Sandbox): Promise<void> {
  return storeKeys(sandbox, [{ ...sandbox, profile: sandbox.sourceProfile }]);
}

/** Stores keys for these profiles in the sandbox's file backend. */
export async function storeKeys(
  sandbox: Sandbox,
  keys: readonly {
    profile: string;
    accessKeyId: string;
    secretAccessKey: Sandbox['secretAccessKey'] | string;
  }[],
): Promise<void> {
  const paths = appPaths(sandbox.environment);
  const vault = openVault({
    paths,
    environment: sandbox.environment,
    clock: systemClock,
    prompter: silentPrompter(),
    settings: { backend: 'file', filePassphrase: new Secret(passphrase) },
    notify: () => {},
    keyHolder: takeSharedKey(join(paths.data, 'vault')),
  });
  const added = new Date();
  await vault.storeAccessKeys(
    keys.map(({ profile, accessKeyId, secretAccessKey: secret }) => {
      const secretAccessKey = typeof secret === 'string' ? new Secret(secret) : secret;
      return { profile, key: { accessKeyId, secretAccessKey, added } };
    }),
  );
}

/**
 * The key file of the first vault that this process made, and its key, because deriving one takes
 * half a second.
 */
let shared: { readonly file: Buffer; readonly key: Uint8Array; quickFile?: string } | null = null;

/**
 * Wraps the shared key of this home's vault with few rounds. Returns quickPackage(), which opens
 * it.
 */
export async function useFewRounds(sandbox: Sandbox): Promise<string> {
  if (shared === null) throw new Error('storeKey() comes first');
  shared.quickFile ??= await wrapQuickly(shared.key, passphrase);
  writeFileSync(join(appPaths(sandbox.environment).data, 'vault/vault.key'), shared.quickFile);
  return quickPackage();
}

/**
 * Writes the shared key file into the vault folder of a home that has no awsh data yet, and keeps
 * its key.
 */
function takeSharedKey(folder: string): KeyHolder {
  const path = join(folder, 'vault.key');
  if (shared !== null && !existsSync(dirname(folder))) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(path, shared.file, { mode: 0o600 });
  }
  const known = [shared?.file.toString(), shared?.quickFile];
  const isShared = existsSync(path) && known.includes(readFileSync(path, 'utf8'));
  return {
    held: async () => (isShared ? (shared?.key ?? null) : null),
    hold: async (_, key) => {
      shared ??= { file: readFileSync(path), key };
    },
  };
}

function parseEnvironment(text: string): Record<string, string> {
  const entries = text.split('\0').filter(Boolean);
  return Object.fromEntries(
    entries.map((entry) => {
      const at = entry.indexOf('=');
      return [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
}
