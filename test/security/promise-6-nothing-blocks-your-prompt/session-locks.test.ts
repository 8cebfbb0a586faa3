import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { bundledScript } from '../../support/bundled-script.ts';
import { temporaryEmulator } from '../../support/emulator.ts';
import { configAt } from '../../support/session-runs.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

/**
 * A minimal awsh: stores the key that it gets, or prints the key id of the session of profile
 * `dev`.
 */
const program = `
import { readAwsFiles } from './src/profiles/index.ts';
import { silentPrompter } from './src/prompt/index.ts';
import { credentialsFor, planFor } from './src/sessions/index.ts';
import { appPaths, Secret, systemClock } from './src/system/index.ts';
import { openVault, vaultSettings } from './src/vault/index.ts';

const { env } = process;
const paths = appPaths(env);
const prompter = silentPrompter();
const vault = openVault({
  paths, prompter, clock: systemClock, environment: env, notify: () => {},
  settings: { backend: 'file', filePassphrase: new Secret('passphrase') },
});
if (env.STORE) {
  const [accessKeyId, secret] = env.STORE.split(' ');
  await vault.storeAccessKey('dev', { accessKeyId, secretAccessKey: new Secret(secret), added: new Date() });
} else {
  const plan = planFor({ files: readAwsFiles(paths), profile: 'dev', keys: vault.keys(), environment: {} });
  const run = { vault, prompter, clock: systemClock, locks: paths.locks };
  console.log((await credentialsFor(plan, run)).accessKeyId);
}
`;

it('four processes that want one session at once make one call, and leave no lock behind', async () => {
  const emulator = await temporaryEmulator();
  const jane = emulator.addUser({ account: '111122223333', name: 'jane' });
  const home = temporaryHome();
  home.write('.aws/config', configAt(emulator, '[profile dev]'));
  const script = bundledScript(home, program);
  const start = async (more: Record<string, string> = {}) => {
    const child = spawn(process.execPath, [script], {
      env: { ...home.environment, ...more },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (data) => {
      output += data;
    });
    const [status] = await once(child, 'close');
    return { status, output: output.trim() };
  };
  expect(await start({ STORE: `${jane.accessKeyId} ${jane.secretAccessKey}` })).toMatchObject({ status: 0 });

  emulator.misbehave({ kind: 'slow', milliseconds: 1500 });
  const results = await Promise.all([start(), start(), start(), start()]);
  expect(results.map(({ status }) => status)).toEqual([0, 0, 0, 0]);
  expect(new Set(results.map(({ output }) => output)).size).toBe(1);
  expect(results[0]?.output).toMatch(/^ASIA/);
  expect(emulator.actions).toEqual(['GetSessionToken']);
  expect(readdirSync(`${home.path}/.local/state/awsh/locks`)).toEqual([]);
});
