import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { heldFiles, runHeld } from '../support/held-awsh.ts';
import { type ImportHome, importHome } from '../support/import-homes.ts';
import { makePasswordStore, stopPasswordStore } from '../support/password-store.ts';
import { has } from '../support/programs.ts';
import { keyIds, rotationScene, works } from '../support/rotations.ts';
import { packageFolder, runInstalled } from '../support/run-awsh.ts';
import { startSecretService } from '../support/secret-service.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';

/*
 * The index is lost, damaged or old, and the backend still has keys. No command may replace or
 * forget a key because it is not in the index.
 */

const pair = (end: string) => `AKIAIOSFODNN7EXA${end} wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLE${end.slice(1)}`;
const [old, fresh] = [pair('OLD1'), pair('NEW1')];
const index = '.local/share/awsh/index.json';

async function homeWith(backend: string): Promise<ImportHome> {
  const home = importHome();
  home.environment.AWSH_BACKEND = backend;
  if (backend === 'pass') {
    const store = makePasswordStore(home);
    onTestFinished(() => stopPasswordStore(store));
    home.environment.GNUPGHOME = store.GNUPGHOME ?? '';
  }
  if (backend === 'keychain') {
    const service = await startSecretService(home);
    onTestFinished(() => service.stop());
    home.environment.DBUS_SESSION_BUS_ADDRESS = service.environment.DBUS_SESSION_BUS_ADDRESS ?? '';
  }
  return home;
}

/** `awsh add NAME --env` with this pair. */
function add(home: ImportHome, name: string, key: string, ...options: string[]) {
  const [AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = ''] = key.split(' ');
  const environment = { ...home.environment, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY };
  return run({ ...home, environment }, 'add', name, '--env', ...options);
}

/**
 * libsecret finds its bus through the environment of the process, so awsh runs in a separate
 * process.
 */
function run({ environment }: ImportHome, ...args: string[]) {
  return environment.AWSH_BACKEND === 'keychain'
    ? runInstalled(args, environment)
    : runHeld(args, environment);
}

/** The same in a separate process, with the home's passphrase. */
function addInstalled(home: ImportHome, name: string, key: string) {
  const [AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = ''] = key.split(' ');
  return runInstalled(['add', name, '--env'], {
    ...home.environment,
    AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY,
  });
}

async function storedInFiles({ environment }: ImportHome, profile: string): Promise<string> {
  const key = await heldFiles(environment).accessKey(profile);
  return `${key?.accessKeyId} ${key?.secretAccessKey.reveal()}`;
}

const harms: Record<string, (home: ImportHome) => void> = {
  lost: (home) => rmSync(join(home.path, index)),
  damaged: (home) => writeFileSync(join(home.path, index), '{"version": 1, "backe'),
  old: (home) => {
    const text = home.read(index).replaceAll('AKIAIOSFODNN7EXAOLD1', 'AKIAIOSFODNN7EXAWRNG');
    writeFileSync(join(home.path, index), text);
  },
};

const rows = [
  { backend: 'file', harm: 'lost' },
  ...(has('pass', 'gpg') ? [{ backend: 'pass', harm: 'old' }] : []),
  ...(has('dbus-run-session', 'gnome-keyring-daemon') ? [{ backend: 'keychain', harm: 'damaged' }] : []),
];

async function harmedHome(backend: string, harm: string): Promise<ImportHome> {
  const home = await homeWith(backend);
  expect((await add(home, 'work', old)).status).toBe(0);
  harms[harm]?.(home);
  return home;
}

async function answer(terminal: Terminal, question: string | RegExp, text: string): Promise<void> {
  await terminal.waitFor(question);
  await terminal.settle();
  terminal.type(`${text}\r`);
}

describe('a key that is missing in the index', () => {
  it.each(rows)('$backend, index $harm: add and import show it before they replace it', async (row) => {
    const home = await harmedHome(row.backend, row.harm);
    const refused = await add(home, 'work', fresh);
    expect(refused).toMatchObject({ status: 6, err: expect.stringContaining('****OLD1') });
    expect(refused.err).toMatch(/next: awsh add --env --force work$/m);
    harms[row.harm]?.(home);
    const [id, secret] = fresh.split(' ');
    const plain = `[work]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`;
    home.write('.aws/credentials', plain);
    const { status, err } = await run(home, 'import', '--all', '--yes');
    expect({ status, err }).toEqual({
      status: 1,
      err: expect.stringContaining('for work: ****OLD1, and ****NEW1 was found'),
    });
    expect(home.read('.aws/credentials')).toBe(plain);
    harms[row.harm]?.(home);
    const forced = await add(home, 'work', fresh, '--force');
    expect(forced.out).toMatch(/\*{4}NEW1 for work .* in place of \*{4}OLD1/);
  });

  it.each(rows.filter(({ harm, backend }) => harm !== 'old' && backend !== 'keychain'))(
    '$backend, index $harm: export names unlock, after which it works',
    async (row) => {
      const home = await harmedHome(row.backend, row.harm);
      const refused = await run(home, 'export', 'work', '--no-session');
      expect(refused).toMatchObject({ status: 4, err: expect.stringMatching(/next: awsh unlock$/m) });
      expect(await run(home, 'unlock')).toMatchObject({ status: 0 });
      expect(await run(home, 'export', 'work', '--no-session')).toMatchObject({ status: 0 });
    },
  );

  it.each(rows.filter(({ harm }) => harm !== 'old'))(
    '$backend: remove finds it, and names it',
    async (row) => {
      const home = await harmedHome(row.backend, row.harm);
      expect(await run(home, 'remove', 'typo')).toMatchObject({ status: 4 });
      expect(await run(home, 'remove', 'work')).toMatchObject({ status: 6 });
      harms[row.harm]?.(home);
      const { status, out } = await run(home, 'remove', 'work', '--force');
      expect({ status, out }).toEqual({
        status: 0,
        out: expect.stringContaining('****OLD1 of work'),
      });
      expect((await run(home, 'export', 'work', '--no-session')).status).toBe(4);
    },
  );

  it('is named when import --overwrite replaces it, also in the dry run', async () => {
    const home = await harmedHome('file', 'lost');
    const [id, secret] = fresh.split(' ');
    home.write('.aws/credentials', `[work]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`);
    const dry = await run(home, 'import', '--dry-run', '--overwrite');
    expect(dry.out).toMatch(/^work .*would replace \*{4}OLD1/m);
    const { err } = await run(home, 'import', '--all', '--keep', '--overwrite');
    expect(err).toContain('in place of ****OLD1 of work');
    expect(await storedInFiles(home, 'work')).toBe(fresh);
  });

  it('is reported as unreadable before the question', async () => {
    const home = await harmedHome('file', 'lost');
    home.write('.local/share/awsh/vault/access-key.work.jwe', 'damaged');
    expect(await add(home, 'work', fresh)).toMatchObject({
      status: 6,
      err: expect.stringMatching(/the key stored for work cannot be read/),
    });
  });
});

describe('awsh add at a terminal', () => {
  it('asks about the stored key, not about the one in the index', async () => {
    const home = await homeWith('file');
    expect((await addInstalled(home, 'work', old)).status).toBe(0);
    harms.old?.(home);
    const terminal = await openTerminal(join(packageFolder, 'bin/awsh'), ['add', 'work'], {
      environment: home.environment,
    });
    const [id = '', secret = ''] = fresh.split(' ');
    await answer(terminal, 'replace the access key ****WRNG', 'y');
    await answer(terminal, 'access key id for work: ', id);
    await answer(terminal, 'secret access key: ', secret);
    await answer(terminal, 'replace the access key ****OLD1 stored for work? [y/N] ', 'n');
    expect((await terminal.exited).status).toBe(130);
    expect(await home.stored('work')).toEqual({ work: old });
  });

  it('asks again if another awsh process stores a key in the meantime', async () => {
    const home = await homeWith('file');
    const terminal = await openTerminal(join(packageFolder, 'bin/awsh'), ['add', 'work'], {
      environment: home.environment,
    });
    const [id = '', secret = ''] = fresh.split(' ');
    await answer(terminal, 'access key id for work: ', id);
    await answer(terminal, 'secret access key: ', secret);
    await terminal.waitFor(/check it with AWS.*\[Y\/n\] /);
    expect((await addInstalled(home, 'work', old)).status).toBe(0);
    terminal.type('n\r');
    await answer(terminal, 'replace the access key ****OLD1 stored for work? [y/N] ', 'n');
    expect((await terminal.exited).status).toBe(130);
    expect(await home.stored('work')).toEqual({ work: old });
  });
});

describe('awsh rotate without an index', () => {
  it.each([
    ['lost', false],
    ['lost, and begun again by another key', true],
  ])('%s: no profile keeps the deleted key', async (_, isBegunAgain) => {
    const scene = await rotationScene();
    rmSync(join(scene.home.path, index));
    if (isBegunAgain) await scene.vault().accessKey('work');
    await scene.rotate('work');
    expect([await works(scene, 'work'), await works(scene, 'twin')]).toEqual([true, true]);
    expect(keyIds(scene)).toHaveLength(1);
  });
});

describe.skipIf(!has('pass', 'gpg'))('awsh migrate-backend without an index', () => {
  const move = ['migrate-backend', '--from', 'file', '--to', 'pass', '--delete-source'];

  it('moves keys that are missing in the index, and keeps what the target has', async () => {
    const home = await homeWith('pass');
    await add(home, 'work', fresh);
    home.environment.AWSH_BACKEND = 'file';
    for (const [name, key] of [
      ['work', old],
      ['dev', old],
    ] as const)
      await add(home, name, key, '--no-add-config');
    rmSync(join(home.path, index));
    const { status, err } = await run(home, ...move);
    expect({ status, err }).toEqual({ status: 12, err: expect.stringContaining('copied 1 access key') });
    expect(err).toContain('****NEW1');
    expect(await storedInFiles(home, 'work')).toBe(old);
    home.environment.AWSH_BACKEND = 'pass';
    expect(await home.stored('work', 'dev')).toEqual({ work: fresh, dev: old });
  });

  it('names what --overwrite replaces', async () => {
    const home = await homeWith('pass');
    await add(home, 'work', fresh);
    home.environment.AWSH_BACKEND = 'file';
    await add(home, 'work', old);
    rmSync(join(home.path, index));
    expect((await run(home, ...move, '--overwrite', '--dry-run')).out).toMatch(/^work .*replace \*{4}NEW1/m);
    expect((await run(home, ...move, '--overwrite')).err).toMatch(/in place of \*{4}NEW1/);
    home.environment.AWSH_BACKEND = 'pass';
    expect(await home.stored('work')).toEqual({ work: old });
  });
});
