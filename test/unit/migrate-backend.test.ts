import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ImportHome, importHome, inWords, plainText, sample } from '../support/import-homes.ts';
import { makePasswordStore, stopPasswordStore } from '../support/password-store.ts';
import { has } from '../support/programs.ts';
import { packageFolder, runHere } from '../support/run-awsh.ts';
import { plainText as asShown, openTerminal } from '../support/terminal.ts';

/** Keys for work and dev in encrypted files, and a password store with a gpg key beside them. */
async function twoBackends(): Promise<ImportHome> {
  const home = importHome();
  const store = makePasswordStore(home);
  onTestFinished(() => stopPasswordStore(store));
  Object.assign(home.environment, store);
  home.write('.aws/credentials', plainText('work') + plainText('dev'));
  await home.run('import', '--all', '--yes');
  return home;
}

const names = async (home: ImportHome, backend: string) =>
  (await home.run('list', '--credentials', '--backend', backend)).out;

/** The state after `awsh rotate` was interrupted when AWS had answered. */
function writeJournal(home: ImportHome, oldKeyId: string, newKeyId: string): void {
  const arn = 'arn:aws:iam::111122223333:user/jane';
  const journal = { version: 1, oldKeyId, arn, knownKeyIds: [oldKeyId], newKeyId, begun: new Date(0) };
  home.write(`.local/share/awsh/rotations/${oldKeyId}.json`, JSON.stringify(journal));
}

const move = ['migrate-backend', '--from', 'file', '--to', 'pass'] as const;

describe.skipIf(!has('pass', 'gpg'))('awsh migrate-backend', () => {
  test('copies every key, and without a terminal leaves the old ones', async () => {
    const home = await twoBackends();
    const { status, err } = await home.run(...move);
    expect(status).toBe(0);
    expect(err).toContain('copied 2 access keys to pass and read back: work, dev');
    expect(err).toContain('they stay in file too');
    expect([await names(home, 'file'), await names(home, 'pass')]).toEqual(['work\ndev\n', 'work\ndev\n']);
    home.environment.AWSH_BACKEND = 'pass';
    expect(await home.stored('work', 'dev')).toEqual({ work: inWords('work'), dev: inWords('dev') });
  });

  test('--delete-source removes them from the old backend; the new one is used from then on', async () => {
    const home = await twoBackends();
    const { err } = await home.run(...move, '--delete-source');
    expect(err).toContain('removed 2 access keys from file');
    expect(err).toContain('the backend in use is still file, and these keys are only in pass: work, dev');
    expect(err).toContain('next: export AWSH_BACKEND=pass');
    expect([await names(home, 'file'), await names(home, 'pass')]).toEqual(['', 'work\ndev\n']);
    home.environment.AWSH_BACKEND = '';
    expect(await home.stored('work')).toEqual({ work: inWords('work') });
  });

  test('reports a key that was moved while the setting names the old backend', async () => {
    const home = await twoBackends();
    home.environment.AWSH_BACKEND = '';
    await home.run('config', 'set', 'backend', 'file');
    const { err } = await home.run(...move, '--profile', 'work', '--delete-source');
    expect(err).toContain('the backend in use is still file, and these keys are only in pass: work');
    expect(err).toContain('still only in file: dev');
    expect(err).toContain('next: awsh config set backend pass');
    for (const command of [
      ['export', 'work'],
      ['rotate', 'work'],
    ]) {
      const failed = await home.run(...command);
      expect(failed.err).toContain('no access key is stored for profile "work"');
      expect(failed.err).toContain('the key is in the backend pass, and awsh uses file');
    }
    const back = await home.run('migrate-backend', '--from', 'pass', '--to', 'file', '--profile', 'work');
    expect(back.status).toBe(0);
  });

  test('--dry-run copies nothing', async () => {
    const home = await twoBackends();
    const { out } = await home.run(...move, '--dry-run');
    expect(out).toMatch(/^work +\*{4}2222 +would be copied to pass$/m);
    expect(await names(home, 'pass')).toBe('');
  });

  test('--profile copies one; the same key in the target is not a failure', async () => {
    const home = await twoBackends();
    expect((await home.run(...move, '--profile', 'work')).status).toBe(0);
    expect(await names(home, 'pass')).toBe('work\n');
    const again = await home.run(...move);
    expect(again).toMatchObject({
      status: 0,
      err: expect.stringContaining('pass has the same key already: work'),
    });
    expect(await names(home, 'pass')).toBe('work\ndev\n');
  });

  test.each([
    ['the key is the old one of', 'work', 'dev'],
    ['the key is the new one of', 'other', 'work'],
  ])('copies nothing while %s a rotation that has not ended', async (_, old, made) => {
    const home = await twoBackends();
    writeJournal(home, sample(old).id, sample(made).id);
    for (const words of [[], ['--dry-run'], ['--profile', 'work', '--delete-source']]) {
      const { status, out, err } = await home.run(...move, ...words);
      expect({ status, out }).toEqual({ status: 1, out: '' });
      expect(err).toMatch(
        /has not ended; nothing was copied\n.*would be left behind\n.*awsh --backend file rotate \w+\n/,
      );
    }
    expect(await names(home, 'pass')).toBe('');
  });

  test('copies nothing if a journal cannot be read, but does not stop for a rotation of another key', async () => {
    const home = await twoBackends();
    writeJournal(home, sample('other').id, sample('third').id);
    expect((await home.run(...move)).status).toBe(0);
    home.write(`.local/share/awsh/rotations/${sample('odd').id}.json`, '{');
    const { status, err } = await home.run(...move, '--overwrite');
    expect({ status, err }).toEqual({
      status: 1,
      err: expect.stringContaining('its journal cannot be read'),
    });
  });

  test('does not remove a key that was replaced while the user was asked', async () => {
    const home = await twoBackends();
    const terminal = await openTerminal(join(packageFolder, 'bin/awsh'), [...move], {
      environment: home.environment,
    });
    await terminal.waitFor(/remove 2 access keys from file.*\[y\/N\] /);
    const newer = { AWS_ACCESS_KEY_ID: sample('newer').id, AWS_SECRET_ACCESS_KEY: sample('newer').secret };
    const add = await runHere(['add', 'work', '--env', '-f'], { ...home.environment, ...newer });
    expect(add.status).toBe(0);
    terminal.type('y\r');
    await terminal.exited;
    expect(asShown(terminal.received)).toContain('these keys have changed and stay in file: work');
    expect([await names(home, 'file'), await names(home, 'pass')]).toEqual(['work\n', 'work\ndev\n']);
    expect(await home.stored('work')).toEqual({ work: inWords('newer') });
  });

  test('removes nothing if the new backend cannot be written', async () => {
    const home = await twoBackends();
    home.environment.PATH = '/nonexistent';
    const { status } = await home.run(...move, '--delete-source');
    expect(status).toBe(5);
    expect(await home.stored('work', 'dev')).toEqual({ work: inWords('work'), dev: inWords('dev') });
  });
});

test.each([
  [['migrate-backend', '--from', 'file'], '--to is missing'],
  [['migrate-backend', '--from', 'file', '--to', 'file'], 'name the same backend'],
  [['migrate-backend', '--from', 'file', '--to', 'pass'], 'the source backend has no such key'],
])('%j is refused', async (args, what) => {
  expect(await importHome().run(...args)).toMatchObject({ status: 2, err: expect.stringContaining(what) });
});
