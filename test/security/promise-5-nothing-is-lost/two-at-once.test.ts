import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appPaths } from '../../../src/system/index.ts';
import { KeysLock } from '../../../src/vault/keys-lock.ts';
import {
  type ImportHome,
  importHome,
  inWords,
  plainText,
  sample,
  sampleKey,
  silentVault,
} from '../../support/import-homes.ts';
import { runInstalled } from '../../support/run-awsh.ts';

/** Stored as `ok`: the key of `owner`. */
const named = (owner: string) => plainText(owner).replace(`[${owner}]`, '[ok]');
const everything = ['import', '--all', '--yes'];

/** A vault that exists already, so the second process has nothing to wait for. */
async function homeWithVault(): Promise<ImportHome> {
  const home = importHome();
  home.write('.aws/credentials', plainText('seed'));
  expect((await home.run(...everything)).status).toBe(0);
  home.write('.aws/credentials', named('one'));
  return home;
}

describe('two awsh processes at once', () => {
  it('two imports of different keys under one name lose neither', { timeout: 120_000 }, async () => {
    for (let round = 0; round < 2; round++) {
      const home = await homeWithVault();
      home.write('second/credentials', named('two'));
      const second = {
        ...home.environment,
        AWS_SHARED_CREDENTIALS_FILE: join(home.path, 'second/credentials'),
      };
      const runs = await Promise.all([
        runInstalled(everything, home.environment),
        runInstalled(everything, second),
      ]);
      const { ok } = await home.stored('ok');
      const left = [home.read('.aws/credentials'), home.read('second/credentials')].join('');
      for (const name of ['one', 'two'])
        expect(ok === inWords(name) || left.includes(sample(name).secret)).toBe(true);
      expect(runs.map(({ status }) => status).sort()).toEqual([0, 1]);
      expect(runs.find(({ status }) => status === 1)?.err).toContain('another key is stored');
    }
  });

  it('add does not replace what an import has just stored', { timeout: 120_000 }, async () => {
    for (let round = 0; round < 2; round++) {
      const home = await homeWithVault();
      const { id, secret } = sample('two');
      const variables = { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret };
      const [, added] = await Promise.all([
        runInstalled(everything, home.environment),
        runInstalled(['add', 'ok', '--env'], { ...home.environment, ...variables }),
      ]);
      const { ok } = await home.stored('ok');
      const file = home.read('.aws/credentials');
      expect(ok === inWords('one') || file.includes(sample('one').secret)).toBe(true);
      expect(added.status).toBe(ok === inWords('two') ? 0 : 6);
    }
  });

  it('eight imports of one file into a new vault all succeed', { timeout: 120_000 }, async () => {
    const home = importHome();
    home.write('.aws/credentials', ['a', 'b', 'c'].map((name) => plainText(name)).join(''));
    const runs = await Promise.all(
      Array.from({ length: 8 }, () => runInstalled(everything, home.environment)),
    );
    expect(await home.stored('a', 'b', 'c')).toEqual({ a: inWords('a'), b: inWords('b'), c: inWords('c') });
    expect(home.read('.aws/credentials')).toBe('[a]\n[b]\n[c]\n');
    const failed = runs.filter(({ status, err }) => status !== 0 || /not (removed|stored)|differ/.test(err));
    expect(failed).toEqual([]);
  });
});

describe('the vault', () => {
  it('replaces and removes only the key that was shown', async () => {
    const home = await homeWithVault();
    const [mine, other] = [silentVault(home.environment), silentVault(home.environment)];
    await mine.storeAccessKey('ok', sampleKey('one'), []);
    await other.storeAccessKey('ok', sampleKey('two'), [sample('one').id]);
    const changed = { what: 'the stored key of ok has changed', exitStatus: 1 };
    await expect(mine.storeAccessKey('ok', sampleKey('three'), [sample('one').id])).rejects.toMatchObject(
      changed,
    );
    await expect(mine.storeAccessKey('ok', sampleKey('three'), [])).rejects.toMatchObject(changed);
    await expect(mine.removeAccessKey('ok', [sample('one').id])).rejects.toMatchObject(changed);
    expect(await home.stored('ok')).toEqual({ ok: inWords('two') });
    await mine.storeAccessKey('ok', sampleKey('two'), []);
    expect(await mine.removeAccessKey('ok', [sample('two').id])).toBe(true);
  });

  it('waits for another awsh process that changes keys, and reports it after a while', async () => {
    const home = await homeWithVault();
    const paths = appPaths(home.environment);
    writeFileSync(join(paths.locks, 'vault-keys.lock'), `${process.ppid}\n`, { mode: 0o600 });
    await expect(new KeysLock(paths).hold(async () => {}, 100)).rejects.toMatchObject({ exitStatus: 10 });
  });
});
