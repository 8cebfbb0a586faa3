import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { appPaths, Secret, systemClock } from '../../../src/system/index.ts';
import { openVault, type Vault } from '../../../src/vault/index.ts';
import { PassBackend } from '../../../src/vault/pass-backend.ts';
import { bundledScript } from '../../support/bundled-script.ts';
import { nobodyThere, typing } from '../../support/fake-prompter.ts';
import { makePasswordStore, stopPasswordStore } from '../../support/password-store.ts';
import { has } from '../../support/programs.ts';
import { type TemporaryHome, temporaryHome } from '../../support/temporary-home.ts';

const canary = 'CANARYwJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLE';
const key = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: new Secret(canary), added: new Date(0) };

function open(
  home: TemporaryHome,
  prompter = nobodyThere(),
  passphrase: string | null = 'passphrase',
  fileFolder?: string,
): Vault {
  const filePassphrase = passphrase === null ? undefined : new Secret(passphrase);
  return openVault({
    paths: appPaths(home.environment),
    settings: { backend: 'file', filePassphrase, fileFolder },
    environment: {},
    prompter,
    clock: systemClock,
    notify: () => {},
  });
}

const unsafe = { exitStatus: 5, what: expect.stringContaining('not safe to keep secrets in') };

function everyFile(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('the encrypted files', () => {
  let home: TemporaryHome;
  let folder: string;
  beforeEach(() => {
    home = temporaryHome();
    folder = join(home.path, '.local/share/awsh/vault');
  });

  test('contain no unencrypted secret, in content or name, and no passphrase', async () => {
    const expires = new Date(Date.now() + 3_600_000);
    const vault = open(home);
    await vault.storeAccessKey('dev', key);
    await vault.storeSession(
      { id: 'ab12', profile: 'dev', kind: 'GetSessionToken', expires, accountId: null, roleArn: null },
      { ...key, sessionToken: new Secret(canary), expiration: expires, accountId: null, arn: null },
    );
    const files = everyFile(home.path);
    expect(files).toHaveLength(4);
    for (const file of files) {
      const text = file + readFileSync(file, 'utf8');
      expect(text).not.toContain(canary);
      expect(text).not.toContain(Buffer.from(canary).toString('base64').slice(4, 40));
      expect(text).not.toContain('passphrase');
    }
  });

  test('are private, whatever the umask', () => {
    const script = bundledScript(
      home,
      `import { FileBackend } from './src/vault/file-backend.ts';
       import { createVaultKey } from './src/vault/vault-key.ts';
       import { Secret } from './src/system/index.ts';
       process.umask(0);
       const place = { folder: process.argv[2], lock: process.argv[3] };
       const orNew = () => createVaultKey(place, async () => new Secret('passphrase'));
       await new FileBackend(place.folder, { existing: orNew, orNew }).set('item', new Secret('value'));`,
    );
    const run = spawnSync(process.execPath, [script, folder, join(home.path, 'locks/key')], {
      encoding: 'utf8',
    });
    expect(run.stderr).toBe('');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const modes = readdirSync(folder).map(
      (file) => `${file} ${(statSync(join(folder, file)).mode & 0o777).toString(8)}`,
    );
    expect(modes.sort()).toEqual(['item.jwe 600', 'vault.key 600']);
  });

  test('ask for a new passphrase twice, refuse a short one, and derive its key once', async () => {
    const person = typing('', 'seven77', 'the first', 'a slip of it', 'good and long', 'good and long');
    const vault = open(home, person, null);
    await vault.storeAccessKey('dev', key);
    await vault.storeAccessKey('prod', key);
    expect(person.questions).toHaveLength(6);
    expect(person.told.slice(1)).toEqual([
      'a new passphrase has at least 8 characters',
      'a new passphrase has at least 8 characters',
      'the two passphrases differ',
    ]);

    const back = typing('good and long');
    const again = open(home, back, null);
    expect((await again.accessKey('dev'))?.secretAccessKey.reveal()).toBe(canary);
    expect((await again.accessKey('prod'))?.secretAccessKey.reveal()).toBe(canary);
    expect(back.questions).toHaveLength(1);
  });

  test('need no passphrase for a key that was never stored', async () => {
    const person = typing('never asked');
    expect(await open(home, person, null).accessKey('dev')).toBeNull();
    expect(person.questions).toEqual([]);
  });

  test('without a terminal and a passphrase: exit 6, and no vault is made', async () => {
    await expect(open(home, nobodyThere(), null).storeAccessKey('dev', key)).rejects.toMatchObject({
      exitStatus: 6,
    });
    expect(() => statSync(folder)).toThrow('ENOENT');
  });

  test('are not put into a folder that others can access, nor read from it', async () => {
    await open(home).storeAccessKey('dev', key);
    chmodSync(folder, 0o755);
    await expect(open(home).storeAccessKey('other', key)).rejects.toMatchObject(unsafe);
    await expect(open(home).accessKey('dev')).rejects.toMatchObject(unsafe);
    expect(readdirSync(folder).sort()).toEqual(['access-key.dev.jwe', 'vault.key']);
  });

  test('are not put into a folder of another user, nor read from it', async () => {
    // If root runs the test, the file is given to another user; otherwise /usr belongs to another
    // user.
    const foreign = process.getuid?.() === 0 ? join(home.path, 'given-away') : '/usr';
    if (foreign !== '/usr') {
      mkdirSync(foreign, { mode: 0o700 });
      chownSync(foreign, 65534, 65534);
    }
    const before = readdirSync(foreign);
    const vault = open(home, nobodyThere(), 'passphrase', foreign);
    await expect(vault.storeAccessKey('dev', key)).rejects.toMatchObject(unsafe);
    await expect(vault.accessKey('prod')).rejects.toMatchObject(unsafe);
    expect(readdirSync(foreign)).toEqual(before);
  });

  test('are not written through a planted link: neither a folder nor a file', async () => {
    const elsewhere = join(home.path, 'elsewhere');
    mkdirSync(elsewhere, { mode: 0o700 });
    mkdirSync(join(home.path, '.local/share/awsh'), { recursive: true, mode: 0o700 });
    symlinkSync(elsewhere, folder);
    await expect(open(home).storeAccessKey('dev', key)).rejects.toMatchObject({ exitStatus: 5 });
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  test('replace a link planted for an item and do not follow it; reading it is refused', async () => {
    const victim = home.write('victim', 'untouched');
    const vault = open(home);
    await vault.storeAccessKey('dev', key);
    symlinkSync(victim, join(folder, 'access-key.other.jwe'));
    await expect(vault.accessKey('other')).rejects.toMatchObject({
      exitStatus: 5,
      why: 'it is not a plain file in a plain directory',
    });
    await vault.storeAccessKey('other', key);
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
    expect((await open(home).accessKey('other'))?.secretAccessKey.reveal()).toBe(canary);
  });
});

describe.skipIf(!has('pass', 'gpg'))('pass', () => {
  test('gets the secret only by its stdin, and nothing of the shell’s credentials', async () => {
    const home = temporaryHome();
    const log = join(home.path, 'seen');
    const spy = home.write('bin/spy', `#!/bin/sh\n{ echo "$@"; env; } >>${log}\ncat >/dev/null\n`, 0o755);
    const environment = {
      ...home.environment,
      PATH: `.:planted:${home.environment.PATH}`,
      AWS_SECRET_ACCESS_KEY: canary,
      AWS_VAULT_FILE_PASSPHRASE: canary,
      BASH_ENV: '/x',
    };
    await new PassBackend({ environment, command: spy, storeFolder: '/store', prefix: 'mine' }).set(
      'item',
      new Secret(canary),
    );
    const seen = readFileSync(log, 'utf8');
    expect(seen).toContain('insert -m -f mine/item\n');
    expect(seen).toContain('PASSWORD_STORE_DIR=/store\n');
    expect(seen).not.toMatch(/CANARY|AWS_|BASH_ENV|^PATH=(.*:)?(\.|planted)(:|$)/m);
  });

  test('is not run from a folder that everybody can write to, nor from a relative one', async () => {
    const home = temporaryHome();
    const environment = makePasswordStore(home);
    const planted = join(home.path, 'planted');
    mkdirSync(planted);
    chmodSync(planted, 0o777);
    writeFileSync(join(planted, 'pass'), `#!/bin/sh\ntouch ${home.path}/pwned\n`, { mode: 0o755 });
    const path = `${planted}:.:bin:${environment.PATH}`;
    const backend = new PassBackend({ environment: { ...environment, PATH: path } });
    await backend.set('item', new Secret(canary));
    expect((await backend.get('item'))?.reveal()).toBe(canary);
    expect(() => statSync(join(home.path, 'pwned'))).toThrow('ENOENT');
    await expect(new PassBackend({ environment: { PATH: planted } }).get('item')).rejects.toMatchObject({
      exitStatus: 5,
    });
    stopPasswordStore(environment);
  });

  test.each([
    {
      what: 'not set up',
      says: 'You must run:\n    pass init your-gpg-id',
      why: 'its password store was not set up yet',
    },
    {
      what: 'cancelled',
      says: 'gpg: decryption failed: Operation cancelled',
      why: 'the passphrase of the gpg key was not given',
    },
    {
      what: 'without its key',
      says: 'gpg: decryption failed: No secret key',
      why: 'the gpg key of the store is not on this machine',
    },
    { what: 'odd', says: 'gpg: \u001b[31mhuh', why: 'gpg: ?[31mhuh' },
  ])('$what is reported, without pass’s stdout', async ({ says, why }) => {
    const home = temporaryHome();
    const broken = home.write(
      'bin/broken',
      `#!/bin/sh\necho ${canary}\ncat <<'END' >&2\n${says}\nEND\nexit 1\n`,
      0o755,
    );
    const error = await new PassBackend({ environment: home.environment, command: broken })
      .get('item')
      .catch((e) => e);
    expect(error).toMatchObject({ exitStatus: 5, why });
    expect(`${JSON.stringify(error)}${error.stack}${error.cause}`).not.toContain(canary);
  });
});
