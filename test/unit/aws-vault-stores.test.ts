import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findProgram } from '../../src/system/index.ts';
import { type ImportHome, importHome } from '../support/import-homes.ts';
import { makePasswordStore, stopPasswordStore } from '../support/password-store.ts';
import { has } from '../support/programs.ts';
import { startSecretService } from '../support/secret-service.ts';

/*
 * Files that the real aws-vault wrote: committed (test/fixtures/aws-vault), and written again if
 * TEST_AWS_VAULT names the program or it is in PATH.
 */

const fixtures = join(import.meta.dirname, '../fixtures/aws-vault');
const jsonFixture = (name: string): Record<string, string> =>
  JSON.parse(readFileSync(join(fixtures, name), 'utf8'));
const program = process.env.TEST_AWS_VAULT ?? findProgram('aws-vault', process.env.PATH);

const oddNames = ['two words', 'Zürich', 'team/prod', '@at', 'a%b'];
const good = ['work', ...oddNames];
/** The names in the order in which they were added; their keys end in that number. */
const added = [...good, '-dash', 'tab\tname'];
const pairOf = (name: string) => {
  const number = added.indexOf(name) + 1;
  return `AKIAREALAWSVAULT000${number} wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEK0${number}`;
};

function homeWithFiles(): ImportHome {
  const home = importHome();
  for (const [name, text] of Object.entries(jsonFixture('file.json')))
    home.write(`.awsvault/keys/${name}`, text);
  home.environment.AWS_VAULT_FILE_PASSPHRASE = 'old-passphrase';
  return home;
}

function homeWithStore(): ImportHome {
  const home = importHome();
  const store = makePasswordStore(home);
  onTestFinished(() => stopPasswordStore(store));
  Object.assign(home.environment, { GNUPGHOME: store.GNUPGHOME, AWS_VAULT_BACKEND: 'pass' });
  return home;
}

function insert(home: ImportHome, name: string, input: string): void {
  execFileSync('pass', ['insert', '-m', '-f', name], {
    env: home.environment,
    input,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

async function expectImported(home: ImportHome, names: readonly string[]): Promise<void> {
  expect(await home.stored(...names)).toEqual(Object.fromEntries(names.map((name) => [name, pairOf(name)])));
}

/** Adds a key with the real program. */
function addKey(home: ImportHome, backend: string, name: string, passphrase = 'old-passphrase'): void {
  const [id = '', secret = ''] = pairOf(added.includes(name) ? name : 'work').split(' ');
  execFileSync(program ?? '', [`--backend=${backend}`, 'add', '--no-add-config', '--env', '--', name], {
    env: {
      ...home.environment,
      AWS_ACCESS_KEY_ID: id,
      AWS_SECRET_ACCESS_KEY: secret,
      AWS_VAULT_FILE_PASSPHRASE: passphrase,
    },
    stdio: 'pipe',
  });
}

describe('import from files that aws-vault wrote', () => {
  it('stores every key; names an item with another passphrase, and a tab in a name', async () => {
    const home = homeWithFiles();
    const { status, err } = await home.run('import', '--aws-vault-file', '--all');
    expect(status).toBe(12);
    expect(err).toMatch(/^awsh: other was skipped: .*another passphrase/m);
    expect(err).toMatch(/^awsh: tab\?name was skipped: its name has control characters/m);
    expect(err.match(/was skipped/g)).toHaveLength(2);
    await expectImported(home, [...good, '-dash']);
  });

  it('reads the item with another passphrase separately', async () => {
    const home = homeWithFiles();
    home.environment.AWS_VAULT_FILE_PASSPHRASE = 'another-passphrase';
    expect((await home.run('import', '--aws-vault-file', '--', 'other')).status).toBe(0);
    expect((await home.run('list', '--credentials')).out).toBe('other\n');
  });

  it('calls a renamed item as aws-vault does, by the name of its file', async () => {
    const home = homeWithFiles();
    const [from, to] = ['work', 'prod'].map((name) => join(home.path, '.awsvault/keys', name));
    renameSync(from ?? '', to ?? '');
    expect((await home.run('import', '--aws-vault-file', '--', 'prod')).status).toBe(0);
    expect(await home.stored('prod')).toEqual({ prod: pairOf('work') });
  });

  it('is offered by an import without a source, by exec and by doctor', async () => {
    const home = homeWithFiles();
    const { status, err } = await home.run('import', '--all');
    expect(status).toBe(12);
    expect(err).toContain("(aws-vault's files in ~/.awsvault/keys)");
    await expectImported(home, ['work']);
    const other = homeWithFiles();
    expect((await other.run('export', 'work')).err).toMatch(
      /no profile "work" .*\n.*aws-vault's files in ~\/\.awsvault\/keys\n.*awsh import --aws-vault-file work\n/,
    );
    other.write('.aws/config', '[profile work]\nregion = eu-west-1\n');
    expect((await other.run('export', 'work')).err).toMatch(
      /no access key is stored for profile "work"\n.*aws-vault's files[\s\S]*awsh import --aws-vault-file work\n/,
    );
    expect((await other.run('doctor', '--offline')).out).toMatch(
      /9 access keys in aws-vault's files[\s\S]*awsh import --aws-vault-file/,
    );
  });
});

describe.skipIf(!has('pass', 'gpg'))('import from a password store that aws-vault wrote', () => {
  it('calls a renamed and a copied entry by their own names', async () => {
    const home = homeWithStore();
    const { work = '' } = jsonFixture('pass.json');
    for (const name of ['prod', 'copy']) insert(home, name, work);
    expect((await home.run('import', '--aws-vault-pass', '--all')).status).toBe(0);
    expect(await home.stored('prod', 'copy')).toEqual({ prod: pairOf('work'), copy: pairOf('work') });
  });

  it.each([
    ['--aws-vault-pass', '--all'],
    ['--all', '--yes'],
  ])('%s %s stores every key and names foreign entries', async (...words) => {
    const home = homeWithStore();
    for (const [name, text] of Object.entries(jsonFixture('pass.json'))) insert(home, name, text);
    insert(home, 'awsh/access-key.mine', 'an item of awsh');
    const { status, err } = await home.run('import', ...words);
    expect(status).toBe(12);
    expect(err).toMatch(/^awsh: web\/gmail was skipped: it is not an access key/m);
    expect(err).not.toContain('hunter2');
    expect(err).not.toContain('access-key.mine');
    expect(err.match(/was skipped/g)).toHaveLength(2);
    await expectImported(home, good);
  });

  it.each([['--all'], ['--dry-run'], ['work']])(
    'without a source opens only what is named like a profile (%s)',
    async (word) => {
      const home = homeWithStore();
      delete home.environment.AWS_VAULT_BACKEND;
      home.write('.aws/config', '[profile work]\n');
      insert(home, 'work', jsonFixture('pass.json').work ?? '');
      for (const name of ['bank', 'web/gmail']) insert(home, name, 'hunter2\n');
      home.write(
        'bin/gpg',
        `#!/bin/sh\necho "$*" >>"$HOME/gpg-log"\nexec ${findProgram('gpg', process.env.PATH)} "$@"\n`,
        0o755,
      );
      home.environment.PATH = `${join(home.path, 'bin')}:${home.environment.PATH}`;
      expect(await home.run('import', word)).toMatchObject({ status: 0 });
      const log = home.read('gpg-log');
      expect(log).toMatch(/-d .*work\.gpg/);
      expect(log).not.toMatch(/bank|gmail/);
    },
  );

  it.skipIf(program === null)('continues after entries that the program refuses', async () => {
    const home = homeWithStore();
    home.environment.PATH = `${join(program ?? '', '..')}:${home.environment.PATH}`;
    for (const name of ['work', 'team/prod', 'Zürich']) addKey(home, 'pass', name);
    insert(home, 'web/gmail', 'hunter2\n');
    const { status, err } = await home.run('import', '--aws-vault', '--all');
    expect({ status, err }).toEqual({ status: 12, err: expect.stringMatching(/web\/gmail was skipped/) });
    await expectImported(home, ['work', 'team/prod', 'Zürich']);
  });
});

describe.skipIf(program === null)('import through the real aws-vault', () => {
  it('stores names that begin with a dash, and names what it refuses', async () => {
    const home = importHome();
    home.environment.PATH = `${join(program ?? '', '..')}:${home.environment.PATH}`;
    Object.assign(home.environment, { AWSH_BACKEND: 'file', AWS_VAULT_BACKEND: 'file' });
    home.environment.AWS_VAULT_FILE_PASSPHRASE = 'old-passphrase';
    for (const name of added) addKey(home, 'file', name);
    addKey(home, 'file', 'other', 'another-passphrase');
    const { status, err } = await home.run('import', '--aws-vault', '--all');
    expect(status).toBe(12);
    expect(err).toMatch(/^awsh: other was skipped: aws-vault did not return it/m);
    expect(err).toMatch(/^awsh: tab\?name was skipped/m);
    await expectImported(home, [...good, '-dash']);
  });
});

describe.skipIf(!has('dbus-run-session', 'gnome-keyring-daemon'))(
  'import from a keyring that aws-vault wrote',
  () => {
    it('stores every key of a real gnome-keyring', async () => {
      const home = importHome();
      home.write('.local/share/keyrings/awsvault.keyring', readFileSync(join(fixtures, 'awsvault.keyring')));
      const service = await startSecretService(home);
      onTestFinished(() => service.stop());
      Object.assign(home.environment, {
        DBUS_SESSION_BUS_ADDRESS: service.environment.DBUS_SESSION_BUS_ADDRESS,
      });
      const found = await home.run('import', '--dry-run');
      expect(found.err).toContain("(aws-vault's keyring awsvault in the Secret Service)");
      const { status, err } = await home.run('import', '--aws-vault-keyring', '--all');
      expect(status).toBe(12);
      expect(err.match(/was skipped/g)).toHaveLength(1);
      await expectImported(home, [...good, '-dash']);
      if (program === null) return;
      for (const name of ['work', '-dash']) addKey(home, 'secret-service', name);
      expect((await home.run('import', '--aws-vault-keyring', 'work', '--', '-dash')).status).toBe(0);
    });
  },
);
