import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Secret } from '../../src/system/index.ts';
import { PassBackend } from '../../src/vault/pass-backend.ts';
import { bundledScript } from '../support/bundled-script.ts';
import { lockPasswordStore, makePasswordStore, stopPasswordStore } from '../support/password-store.ts';
import { has } from '../support/programs.ts';
import { runHere } from '../support/run-awsh.ts';
import { startSecretService } from '../support/secret-service.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';
import { linkPackages } from '../support/vault-process.ts';

/*
 * The errors of each backend when it cannot be used. Those of `file` are in
 * promise-5-nothing-is-lost/vault-damage.test.ts and
 * promise-1-no-secret-in-the-open/vault-files.test.ts. Each exits with 5.
 */

const value = new Secret('value');
/** More than a full disk can store in place of an old item. */
const longValue = new Secret(randomBytes(30_000).toString('hex'));

/**
 * A password store in the home with one item. Its key has a passphrase if the test asks for one.
 */
async function storeWithItem(home: TemporaryHome, passphrase = '') {
  const environment = makePasswordStore(home, passphrase);
  onTestFinished(() => stopPasswordStore(environment));
  await new PassBackend({ environment }).set('item', value);
  return environment;
}

/** A small disk for the home, removed with the test. Only root can make one. */
function smallDisk(home: TemporaryHome, name: string): string {
  const path = join(home.path, name);
  mkdirSync(path);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=0700', 'tmpfs', path]);
  onTestFinished(() => void execFileSync('umount', ['-l', path]));
  return path;
}

/** The store on a disk of its own, which is full. */
function onSmallDisk(home: TemporaryHome): string {
  const disk = smallDisk(home, 'disk');
  execFileSync('cp', ['-a', `${home.path}/.password-store/.`, disk]);
  return disk;
}

const isRoot = process.getuid?.() === 0;
const work = { get: 'read', set: 'write' } as const;

interface PassRow {
  readonly what: string;
  readonly here?: boolean;
  readonly call?: keyof typeof work;
  /** Returns the variables that change. */
  readonly arrange: (home: TemporaryHome) => Promise<Record<string, string>>;
  readonly says: { what?: unknown; why: unknown; next?: unknown };
}

const passRows: readonly PassRow[] = [
  {
    what: 'unavailable: there is no such program',
    arrange: async (home) => ({ ...home.environment, PATH: '/nonexistent' }),
    says: {
      what: 'the program "pass" was not found',
      why: expect.stringContaining('install pass'),
      next: 'export AWSH_BACKEND=file',
    },
  },
  {
    what: 'unavailable: nobody set it up',
    call: 'set',
    arrange: async (home) => home.environment,
    says: {
      why: 'its password store was not set up yet',
      next: expect.stringMatching(/pass init .*: gpg --list-secret-keys$/),
    },
  },
  {
    what: 'locked, and gpg has no way to ask',
    arrange: async (home) => {
      const environment = await storeWithItem(home, 'of the key');
      lockPasswordStore(home, environment, 'missing');
      return environment;
    },
    says: {
      why: 'gpg cannot ask for the passphrase of its key here',
      next: expect.stringMatching('GPG_TTY'),
    },
  },
  {
    what: 'cancelled at the window of gpg',
    arrange: async (home) => {
      const environment = await storeWithItem(home, 'of the key');
      lockPasswordStore(home, environment, 'cancelled');
      return environment;
    },
    says: { why: expect.stringMatching(/^the passphrase of the gpg key was not given/), next: 'try again' },
  },
  {
    what: 'without its gpg key',
    arrange: async (home) => {
      const environment = await storeWithItem(home);
      execFileSync('sh', ['-c', 'rm "$GNUPGHOME"/private-keys-v1.d/*'], { env: environment });
      stopPasswordStore(environment);
      return environment;
    },
    says: { why: 'the gpg key of the store is not on this machine', next: 'gpg --list-secret-keys' },
  },
  {
    what: 'corrupt',
    arrange: async (home) => {
      const environment = await storeWithItem(home);
      writeFileSync(join(home.path, '.password-store/awsh/item.gpg'), 'not of gpg');
      return environment;
    },
    says: {
      what: 'the vault\'s item "awsh/item" cannot be read',
      why: 'gpg finds nothing encrypted in its file: the file is damaged, or gpg did not write it',
      next: expect.stringMatching('awsh add'),
    },
  },
  {
    what: 'on a disk that is read-only',
    here: isRoot,
    call: 'set',
    arrange: async (home) => {
      const environment = await storeWithItem(home);
      const disk = onSmallDisk(home);
      execFileSync('mount', ['-o', 'remount,ro', disk]);
      return { ...environment, PASSWORD_STORE_DIR: disk };
    },
    says: { why: 'it is read-only here', next: expect.stringMatching(/^ls -ld .*disk$/) },
  },
  {
    what: 'on a disk that is full',
    here: isRoot,
    call: 'set',
    arrange: async (home) => {
      const environment = await storeWithItem(home);
      const disk = onSmallDisk(home);
      spawnSync('dd', ['if=/dev/zero', `of=${disk}/filler`, 'bs=1k', 'count=64']);
      return { ...environment, PASSWORD_STORE_DIR: disk };
    },
    says: { why: 'the disk is full', next: expect.stringMatching(/^df .*disk$/) },
  },
];

describe.skipIf(!has('pass', 'gpg'))('the error for pass', () => {
  test.each(passRows.filter(({ here = true }) => here))('$what', async ({ arrange, says, call = 'get' }) => {
    const environment = await arrange(temporaryHome());
    const backend = new PassBackend({ environment });
    const failed = call === 'get' ? backend.get('item') : backend.set('item', longValue);
    const what = `pass could not ${work[call]} the item`;
    await expect(failed).rejects.toMatchObject({ exitStatus: 5, what, ...says });
  });
});

/**
 * The output of a separate process that reads an item of the keychain, with or without a user to
 * unlock it.
 */
async function readKeychain(home: TemporaryHome, environment: Record<string, string>, canAsk: boolean) {
  linkPackages(home);
  const script = bundledScript(
    home,
    `import { KeychainBackend } from './src/vault/keychain-backend.ts';
     const keychain = new KeychainBackend({ environment: process.env, canAsk: ${canAsk}, notify: console.error });
     const failed = await keychain.get('item').then(() => null, (error) => error);
     const { what, why, next, exitStatus } = failed ?? {};
     console.log(JSON.stringify({ what, why, next, exitStatus }));
     process.exit();`,
  );
  const { stdout, stderr } = spawnSync(process.execPath, [script], { env: environment, encoding: 'utf8' });
  return { error: JSON.parse(stdout), told: stderr };
}

describe.skipIf(!has('dbus-run-session', 'gnome-keyring-daemon'))(
  'the error for a real gnome-keyring',
  () => {
    test.each([
      ['locked, and nobody is there', false, 'the keychain is locked', ''],
      [
        'its window is closed without the password',
        true,
        'the keychain was not unlocked',
        'it may ask for its password',
      ],
    ])('%s', async (_, canAsk, what, told) => {
      const home = temporaryHome();
      const keyring = await startSecretService(home);
      onTestFinished(() => keyring.stop());
      const store = `import('keytar').then(({ default: k }) => k.setPassword('awsh', 'item', 'value'))`;
      execFileSync(process.execPath, ['-e', store], { env: keyring.environment });
      keyring.lock();
      const run = await readKeychain(home, keyring.environment, canAsk);
      expect(run.error).toMatchObject({ exitStatus: 5, what, next: expect.stringMatching('--unlock') });
      expect(run.told).toContain(told);
    });
  },
);

describe('a data folder that others can access is refused, with the command that fixes it', () => {
  const rows: [
    what: string,
    arrange: (path: string, home: string) => void,
    next: (path: string, home: string) => string,
  ][] = [
    ['open to others', (path) => chmodSync(path, 0o755), (path) => `chmod 700 '${path}'`],
    [
      'a link to a folder of one’s own, among other settings',
      (path, home) => {
        renameSync(path, join(home, 'dotfiles'));
        symlinkSync(join(home, 'dotfiles'), path);
      },
      (path, home) => `rm '${path}' && mv ${home}/dotfiles '${path}'`,
    ],
    [
      'a link that leads nowhere',
      (path, home) => {
        rmSync(path, { recursive: true });
        symlinkSync(join(home, 'gone'), path);
      },
      (path) => `rm '${path}'`,
    ],
  ];

  test.each(rows)('%s', async (_, arrange, next) => {
    const home = temporaryHome();
    // A name with a space: the command must be quoted for a shell.
    const data = join(home.path, 'the data');
    const environment = {
      ...home.environment,
      XDG_DATA_HOME: data,
      AWSH_BACKEND: 'file',
      AWSH_FILE_PASSPHRASE: 'correct horse',
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'k'.repeat(40),
    };
    const add = () => runHere(['add', 'work', '--env', '-f'], environment);
    expect((await add()).status).toBe(0);
    const path = join(data, 'awsh');
    arrange(path, home.path);
    const { status, err } = await add();
    const command = next(path, home.path);
    expect({ status, err }).toEqual({ status: 5, err: expect.stringContaining(`next: ${command}\n`) });
    execFileSync('sh', ['-c', command]);
    expect((await add()).status).toBe(0);
  });
});
