import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { silentPrompter } from '../../../src/prompt/index.ts';
import { appPaths, Secret, systemClock } from '../../../src/system/index.ts';
import { openVault } from '../../../src/vault/index.ts';
import { killableProgram } from '../../support/killed-process.ts';
import { runHere } from '../../support/run-awsh.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

const writing = killableProgram(`
import { writeFileAtomic } from './src/system/index.ts';
writeFileAtomic(process.env.HOME + '/' + (process.env.FILE ?? 'kept'), 'a secret');
`);
const removing = killableProgram(`
import { silentPrompter } from './src/prompt/index.ts';
import { appPaths, Secret, systemClock } from './src/system/index.ts';
import { openVault } from './src/vault/index.ts';
const vault = openVault({
  paths: appPaths(process.env), prompter: silentPrompter(), clock: systemClock, environment: process.env, notify: () => {},
  settings: { backend: 'file', filePassphrase: new Secret('horse staple') },
});
await vault.removeAccessKey('dev');
`);
afterAll(() => {
  writing.remove();
  removing.remove();
});

/** A session of dev, made with its key. */
async function storeSession(environment: Record<string, string>): Promise<void> {
  const vault = openVault({
    paths: appPaths(environment),
    prompter: silentPrompter(),
    clock: systemClock,
    environment,
    notify: () => {},
    settings: { backend: 'file', filePassphrase: new Secret('horse staple') },
  });
  const expiration = new Date(Date.now() + 3600_000);
  const named = { id: 'a'.repeat(64), profile: 'dev', kind: 'GetSessionToken' } as const;
  const keys = {
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    secretAccessKey: new Secret('s'.repeat(40)),
    sessionToken: new Secret('t'.repeat(100)),
  };
  const nobody = { accountId: null, arn: null };
  await vault.storeSession(
    { ...named, expires: expiration, accountId: null, roleArn: null },
    { ...keys, ...nobody, expiration },
  );
}

const temporaries = (folder: string) => readdirSync(folder).filter((name) => name.startsWith('.kept.'));

describe('a write that was killed', () => {
  it('leaves a private file, which the next write of that file removes', async () => {
    const home = temporaryHome();
    expect(await writing.run(home, { kill: { step: 0, when: 'before' } })).toMatchObject({ killed: true });
    const [left = ''] = temporaries(home.path);
    expect(statSync(join(home.path, left)).mode & 0o777).toBe(0o600);
    await writing.run(home, { environment: { FILE: 'another' } });
    expect(temporaries(home.path)).toEqual([left]);
    await writing.run(home);
    expect(temporaries(home.path)).toEqual([]);
  });
});

describe('a remove that was killed', () => {
  it('is completed by the next command, at whatever point it was killed', async () => {
    for (let step = 0; ; step += 1) {
      const home = temporaryHome();
      const environment = { ...home.environment, AWSH_BACKEND: 'file', AWSH_FILE_PASSPHRASE: 'horse staple' };
      const key = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'a'.repeat(40) };
      expect((await runHere(['add', '--env', 'dev'], { ...environment, ...key })).status).toBe(0);
      await storeSession(environment);
      const ran = await removing.run({ ...home, environment }, { kill: { step, when: 'after' } });
      if (!ran.killed) break;
      const { out } = await runHere(['list'], environment);
      expect(out, ran.steps.join('\n')).not.toContain('MPLE');
      expect(readdirSync(join(home.path, '.local/share/awsh/vault'))).toEqual(['vault.key']);
      expect((await runHere(['add', '--env', 'dev'], { ...environment, ...key })).status).toBe(0);
    }
  });
});
