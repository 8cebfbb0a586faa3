import { execFileSync, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { keytarFault } from '../../src/vault/keychain-backend.ts';
import { bundledScript } from '../support/bundled-script.ts';
import { has } from '../support/programs.ts';
import { runHere } from '../support/run-awsh.ts';
import { startSecretService } from '../support/secret-service.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';
import { openShell } from '../support/terminal.ts';
import { linkPackages, vaultProcess } from '../support/vault-process.ts';

async function keyringOf(home: TemporaryHome, keyring?: 'unlocked' | 'none') {
  const service = await startSecretService(home, keyring);
  onTestFinished(() => service.stop());
  return service;
}

async function waitUntil(isTrue: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await isTrue()) return;
    await sleep(50);
  }
  throw new Error('it did not come true');
}

/**
 * The library would wait 25 s for each call. awsh waits 2 s for the keychain, and leaves no thread
 * behind that blocks its exit.
 */
const patience = 24;

describe.skipIf(!has('dbus-run-session', 'gnome-keyring-daemon'))('a real gnome-keyring', () => {
  test('is chosen automatically, keeps a key, and is found again by the next command', async () => {
    const home = temporaryHome();
    const { environment } = await keyringOf(home);
    const first = await vaultProcess(home, environment, ['store', 'dev', 'S3cr3t/é'], ['backend']);
    expect(first).toMatchObject({ status: 0, notes: [], results: [null, { name: 'keychain' }] });
    const next = await vaultProcess(home, environment, ['secret', 'dev'], ['keys'], ['secret', 'other']);
    expect(next).toMatchObject({ status: 0, results: ['S3cr3t/é', ['dev'], null] });
  });

  test('when locked is reported as locked and not empty: exit 5, nothing removed, and all is there once unlocked', async () => {
    const home = temporaryHome();
    const keyring = await keyringOf(home);
    await vaultProcess(home, keyring.environment, ['store', 'dev', 'S3cr3t']);
    keyring.lock();
    const locked = { error: 'the keychain is locked' };
    const run = await vaultProcess(
      home,
      keyring.environment,
      ['secret', 'dev'],
      ['store', 'new', 'S3cr3t'],
      ['remove', 'dev'],
      ['rebuild', 'dev'],
      ['keys'],
    );
    expect(run).toMatchObject({ status: 5, results: [locked, locked, locked, locked, ['dev']] });
    expect(run.seconds).toBeLessThan(patience);
    await keyring.unlock();
    expect(await vaultProcess(home, keyring.environment, ['secret', 'dev'])).toMatchObject({
      results: ['S3cr3t'],
    });
  });

  test.each((['bash', 'zsh', 'fish'] as const).filter((name) => name === 'bash' || has(name)))(
    'locked, the command that unlock names opens it in %s, and shows nothing of the password',
    async (name) => {
      const home = temporaryHome();
      const keyring = await keyringOf(home);
      const unlock = () => runHere(['unlock'], { ...keyring.environment, AWSH_BACKEND: 'keychain' });
      expect(await unlock()).toMatchObject({ status: 0, err: 'awsh: it was not locked\n' });
      keyring.lock();
      const { status, err } = await unlock();
      expect({ status, first: err.split('\n')[0] }).toEqual({
        status: 5,
        first: 'awsh: the keychain is locked',
      });
      const shell = await openShell(name, { home, environment: keyring.environment });
      shell.type(`${/next: (.*)$/m.exec(err)?.[1]}\r`);
      await shell.waitFor('Password of the keyring: ');
      await shell.settle();
      shell.type('password of the keyring\r');
      onTestFinished(() => keyring.endReplaced());
      await waitUntil(async () => (await unlock()).status === 0);
      // The daemon answers before it has left the terminal; the command ends when it has.
      expect(await shell.prompt()).toMatchObject({ status: 0 });
      expect(shell.received).not.toContain('password of the keyring');
      shell.close();
      await sleep(300);
      expect(await unlock()).toMatchObject({ status: 0, err: 'awsh: it was not locked\n' });
    },
  );

  test('reports an item that another program removed, and keeps its record', async () => {
    const home = temporaryHome();
    const { environment } = await keyringOf(home);
    await vaultProcess(home, environment, ['store', 'dev', 'S3cr3t']);
    const erase = `import('keytar').then(({ default: k }) => k.deletePassword('awsh', 'access-key.dev'))`;
    execFileSync(process.execPath, ['-e', erase], { env: environment });
    const run = await vaultProcess(
      home,
      environment,
      ['secret', 'dev'],
      ['keys'],
      ['remove', 'dev'],
      ['keys'],
    );
    expect(run.results).toMatchObject([
      { error: 'the access key of "dev" is no longer in the backend keychain' },
      ['dev'],
      true,
      [],
    ]);
  });

  test('when frozen, the file backend is used within seconds, and the process ends', async () => {
    const home = temporaryHome();
    const keyring = await keyringOf(home);
    keyring.freeze();
    const environment = { ...keyring.environment, AWSH_FILE_PASSPHRASE: 'passphrase' };
    const run = await vaultProcess(home, environment, ['store', 'dev', 'S3cr3t'], ['secret', 'dev']);
    expect(run).toMatchObject({ status: 0, results: [null, 'S3cr3t'] });
    expect(run.notes).toEqual([
      expect.stringMatching(/^no keychain: the Secret Service does not answer; .*\/vault$/),
    ]);
    expect(run.seconds).toBeLessThan(patience);
  });

  test('when frozen with keys in it: exit 5, and no other backend is used', async () => {
    const home = temporaryHome();
    const keyring = await keyringOf(home);
    await vaultProcess(home, keyring.environment, ['store', 'dev', 'S3cr3t']);
    keyring.freeze();
    const run = await vaultProcess(home, keyring.environment, ['secret', 'dev'], ['keys']);
    expect(run).toMatchObject({
      status: 5,
      notes: [],
      results: [{ error: 'the keychain cannot be used' }, ['dev']],
    });
    expect(run.seconds).toBeLessThan(patience);
    keyring.thaw();
    expect(await vaultProcess(home, keyring.environment, ['secret', 'dev'])).toMatchObject({
      results: ['S3cr3t'],
    });
  });

  test('freezing during a call does not keep the process from ending', async () => {
    const home = temporaryHome();
    const { environment, daemon } = await keyringOf(home);
    linkPackages(home);
    const script = bundledScript(
      home,
      `import { KeychainBackend } from './src/vault/keychain-backend.ts';
       const keychain = new KeychainBackend({ environment: process.env, canAsk: false, notify: () => {}, callMs: 3000 });
       await keychain.get('an item');
       process.kill(${daemon}, 'SIGSTOP');
       await keychain.get('an item').catch((error) => console.log(error.exitStatus, error.message));
       process.exit();`,
    );
    const begun = performance.now();
    const run = spawnSync(process.execPath, [script], { env: environment, encoding: 'utf8' });
    expect(run.stdout).toBe('5 the keychain did not answer\n');
    expect((performance.now() - begun) / 1000).toBeLessThan(patience);
  });
});

describe('no keychain', () => {
  const line = (why: string) =>
    expect.stringMatching(`^no keychain: ${why}; secrets are kept in encrypted files in ~/`);

  test.each([
    { what: 'no session bus', bus: undefined, why: 'there is no session bus' },
    {
      what: 'a session bus that is gone',
      bus: 'unix:path=/nonexistent/bus',
      why: 'there is no session bus',
    },
    { what: 'a bus that would have to be started', bus: 'autolaunch:', why: 'there is no session bus' },
  ])('$what: the file backend, and one line about it, once', async ({ bus, why }) => {
    const home = temporaryHome();
    const environment: Record<string, string> = { ...home.environment, AWSH_FILE_PASSPHRASE: 'passphrase' };
    delete environment.XDG_RUNTIME_DIR;
    if (bus !== undefined) environment.DBUS_SESSION_BUS_ADDRESS = bus;
    const first = await vaultProcess(home, environment, ['backend'], ['backend']);
    expect(first).toMatchObject({
      status: 0,
      notes: [line(why)],
      results: [{ name: 'file' }, { name: 'file' }],
    });
    const second = await vaultProcess(home, environment, ['backend']);
    expect(second).toMatchObject({
      status: 0,
      notes: [],
      results: [{ name: 'file', why: expect.stringMatching(why) }],
    });
  });

  test.skipIf(!has('dbus-run-session'))('a bus without a Secret Service', async () => {
    const home = temporaryHome();
    const { environment } = await keyringOf(home, 'none');
    const run = await vaultProcess(home, environment, ['backend']);
    expect(run).toMatchObject({
      notes: [line('there is no Secret Service \\(.*')],
      results: [{ name: 'file' }],
    });
  });
});

test('on Alpine Linux, the reason is musl, and installing libsecret is not advised', () => {
  const { exitStatus, why, next } = keytarFault(true);
  expect({ exitStatus, why, next }).toEqual({
    exitStatus: 5,
    why: 'this system uses musl (Alpine Linux), and the keychain program is made for glibc',
    next: 'choose another backend: export AWSH_BACKEND=file',
  });
  expect(keytarFault(false).next).toMatch(/^install libsecret, /);
});
