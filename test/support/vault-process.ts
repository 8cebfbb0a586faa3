import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { bundledScript } from './bundled-script.ts';
import type { TemporaryHome } from './temporary-home.ts';

const source = `
import { appPaths, Secret, systemClock } from './src/system/index.ts';
import { openVault, vaultSettings } from './src/vault/index.ts';

const notes = [];
const nobody = async () => { throw new Error('nobody is there'); };
const prompter = { canAsk: false, code: nobody, secret: nobody, text: nobody, confirm: nobody, tell: () => {} };
const vault = openVault({
  paths: appPaths(process.env), settings: vaultSettings(process.env), environment: process.env,
  prompter, clock: systemClock, notify: (line) => notes.push(line),
});
const steps = {
  store: (profile, secret) => vault.storeAccessKey(profile, {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: new Secret(secret), added: new Date(0),
  }),
  secret: async (profile) => (await vault.accessKey(profile))?.secretAccessKey.reveal() ?? null,
  remove: (profile) => vault.removeAccessKey(profile),
  keys: async () => vault.keys().map((key) => key.profile),
  backend: () => vault.backend(),
  rebuild: (...profiles) => vault.rebuild(profiles),
};
const results = [];
for (const [name, ...values] of JSON.parse(process.argv[2])) {
  try {
    results.push((await steps[name](...values)) ?? null);
  } catch (error) {
    process.exitCode = error.exitStatus ?? 99;
    results.push({ error: error.message, why: error.why, next: error.next });
  }
}
console.log(JSON.stringify({ results, notes }));
`;

export interface VaultRun {
  readonly results: unknown[];
  /** The messages for the user. */
  readonly notes: string[];
  readonly status: number | null;
  readonly seconds: number;
}

export type VaultStep = [string, ...string[]];

/**
 * Opens the home's vault in a separate process, runs these steps, and waits until the process has
 * ended.
 */
export async function vaultProcess(
  home: TemporaryHome,
  environment: Record<string, string>,
  ...steps: VaultStep[]
): Promise<VaultRun> {
  linkPackages(home);
  const script = bundledScript(home, source, 'vault-process.mjs');
  const begun = performance.now();
  const child = spawn(process.execPath, [script, JSON.stringify(steps)], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [status]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { ...JSON.parse(output), status, seconds: (performance.now() - begun) / 1000 };
}

/** Native packages stay outside a bundle and are loaded from beside it. */
export function linkPackages(home: TemporaryHome): void {
  const link = join(home.path, 'node_modules');
  if (!existsSync(link)) symlinkSync(join(import.meta.dirname, '../../node_modules'), link);
}
