import fs, { copyFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { CompactEncrypt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { appPaths, Secret, systemClock } from '../../../src/system/index.ts';
import { openVault, type Vault } from '../../../src/vault/index.ts';
import { nobodyThere } from '../../support/fake-prompter.ts';
import { type TemporaryHome, temporaryHome } from '../../support/temporary-home.ts';

const key = (secret: string) => ({
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: new Secret(secret),
  added: new Date(0),
});

let home: TemporaryHome;
let folder: string;
let pristine: Map<string, string>;

const at = (file: string) => join(folder, file);
const files = () => new Map(readdirSync(folder).map((file) => [file, readFileSync(at(file), 'utf8')]));

function open(passphrase = 'passphrase'): Vault {
  return openVault({
    paths: appPaths(home.environment),
    settings: { backend: 'file', filePassphrase: new Secret(passphrase) },
    environment: {},
    prompter: nobodyThere(),
    clock: systemClock,
    notify: () => {},
  });
}

const secretOf = async (vault: Vault, profile: string) =>
  (await vault.accessKey(profile))?.secretAccessKey.reveal();

beforeAll(async () => {
  home = temporaryHome({ keep: true });
  folder = join(home.path, '.local/share/awsh/vault');
  const vault = open();
  await vault.storeAccessKey('dev', key('secret of dev'));
  await vault.storeAccessKey('prod', key('secret of prod'));
  pristine = files();
});
beforeEach(() => {
  for (const file of readdirSync(folder)) rmSync(at(file));
  for (const [file, text] of pristine) writeFileSync(at(file), text, { mode: 0o600 });
});
afterAll(() => rmSync(home.path, { recursive: true, force: true }));

test('a wrong passphrase is reported as wrong, for reading and writing, and changes nothing', async () => {
  const vault = open('another');
  const refusal = { exitStatus: 5, what: 'the passphrase is wrong' };
  await expect(vault.accessKey('dev')).rejects.toMatchObject(refusal);
  await expect(vault.storeAccessKey('dev', key('new'))).rejects.toMatchObject(refusal);
  expect(files()).toEqual(pristine);
  expect(vault.keys()).toHaveLength(2);
});

const dev = 'access-key.dev.jwe';
const prod = 'access-key.prod.jwe';
const half = (file: string) => truncateSync(at(file), 40);

test.each([
  {
    what: 'was put under the name of another',
    spoil: () => copyFileSync(at(prod), at(dev)),
    why: 'its file is the renamed file of another item',
  },
  {
    what: 'was cut short',
    spoil: () => half(dev),
    why: 'its file is damaged, or was encrypted for another vault',
  },
  {
    what: 'is empty',
    spoil: () => writeFileSync(at(dev), ''),
    why: 'its file is damaged, or was encrypted for another vault',
  },
  {
    what: 'has one character changed',
    spoil: () => writeFileSync(at(dev), pristine.get(dev)?.replace(/.{3}$/, 'AAA') ?? ''),
    why: 'its file is damaged, or was encrypted for another vault',
  },
  {
    what: 'was encrypted for another key',
    spoil: async () =>
      writeFileSync(
        at(dev),
        await sealed({ alg: 'dir', enc: 'A256GCM', item: 'access-key.dev', version: 1 }),
      ),
    why: 'its file is damaged, or was encrypted for another vault',
  },
])('an item that $what is refused with its own error, and the others can be read', async ({ spoil, why }) => {
  await spoil();
  const vault = open();
  await expect(vault.accessKey('dev')).rejects.toMatchObject({ exitStatus: 5, why });
  expect(await secretOf(vault, 'prod')).toBe('secret of prod');
  await vault.storeAccessKey('dev', key('stored again'));
  expect(await secretOf(open(), 'dev')).toBe('stored again');
});

test('a session that cannot be read counts as missing', async () => {
  const expires = new Date(Date.now() + 3_600_000);
  const vault = open();
  await vault.storeSession(
    { id: 'ab12', profile: 'dev', kind: 'AssumeRole', expires, accountId: null, roleArn: null },
    { ...key('s'), sessionToken: new Secret('t'), expiration: expires, accountId: null, arn: null },
  );
  expect(await vault.session('ab12')).not.toBeNull();
  half('session.ab12.jwe');
  expect(await vault.session('ab12')).toBeNull();
});

/**
 * The key file with a changed header. This also breaks its seal, but awsh must refuse it before it
 * checks the seal.
 */
function withHeader(changes: object): string {
  const [header = '', ...rest] = (pristine.get('vault.key') ?? '').split('.');
  const changed = { ...JSON.parse(Buffer.from(header, 'base64url').toString()), ...changes };
  return [Buffer.from(JSON.stringify(changed)).toString('base64url'), ...rest].join('.');
}

async function sealed(header: { alg: string; enc: string; item: string; version: number }): Promise<string> {
  return new CompactEncrypt(new Uint8Array(10)).setProtectedHeader(header).encrypt(new Uint8Array(32));
}

const rounds = 'it asks for a number of rounds outside 600000 to 2000000';
const encryption = 'it names an encryption that awsh does not use';

test.each([
  { what: 'fewer rounds', changes: { p2c: 1000 }, why: rounds },
  { what: 'one round less', changes: { p2c: 599_999 }, why: rounds },
  { what: 'so many rounds that we would never end', changes: { p2c: 2_000_001 }, why: rounds },
  { what: 'rounds that are no number', changes: { p2c: '600000' }, why: rounds },
  { what: 'a weaker wrapping', changes: { alg: 'PBES2-HS256+A128KW' }, why: encryption },
  { what: 'no wrapping', changes: { alg: 'dir' }, why: encryption },
  { what: 'another cipher', changes: { enc: 'A128GCM' }, why: encryption },
  { what: 'another format', changes: { version: 2 }, why: 'its format is not known to this version of awsh' },
])('a key file that asks for $what is refused before any time is spent on it', async ({ changes, why }) => {
  writeFileSync(at('vault.key'), withHeader(changes));
  const before = files();
  await expect(open().accessKey('dev')).rejects.toMatchObject({ exitStatus: 5, why });
  await expect(open().storeAccessKey('new', key('new'))).rejects.toMatchObject({ exitStatus: 5, why });
  expect(files()).toEqual(before);
});

test.each([
  { what: 'cut short', spoil: () => half('vault.key') },
  { what: 'empty', spoil: () => writeFileSync(at('vault.key'), '') },
])('a key file that is $what is refused, and not replaced by a new key', async ({ spoil }) => {
  spoil();
  const before = files();
  await expect(open().storeAccessKey('dev', key('new'))).rejects.toMatchObject({ exitStatus: 5 });
  expect(files()).toEqual(before);
});

test('without its key file, what is encrypted does not count as missing', async () => {
  rmSync(at('vault.key'));
  await expect(open().accessKey('dev')).rejects.toMatchObject({
    exitStatus: 5,
    why: 'the key file of the vault is missing',
  });
});

describe('a disk that refuses', () => {
  /** The system call fails as it does on such a disk. */
  function failing(
    call: 'openSync' | 'fsyncSync' | 'writeFileSync',
    code: string,
    on: (path: unknown) => boolean = () => true,
  ) {
    const real = fs[call] as (...args: unknown[]) => unknown;
    Object.assign(fs, {
      [call]: (...args: unknown[]) => {
        if (!on(args[0])) return real(...args);
        throw Object.assign(new Error(code), { code });
      },
    });
    syncBuiltinESMExports();
    onTestFinished(() => {
      Object.assign(fs, { [call]: real });
      syncBuiltinESMExports();
    });
  }

  const isNewItem = (path: unknown) => String(path).includes('/vault/.');

  test.each([
    {
      what: 'full while it is written',
      fail: () => failing('fsyncSync', 'ENOSPC'),
      why: 'the disk is full; what was stored before is still there',
    },
    {
      what: 'over its quota',
      fail: () => failing('fsyncSync', 'EDQUOT'),
      why: 'the disk is full; what was stored before is still there',
    },
    { what: 'read-only', fail: () => failing('openSync', 'EROFS', isNewItem), why: 'it is read-only here' },
    {
      what: 'closed to us',
      fail: () => failing('openSync', 'EACCES', isNewItem),
      why: 'it is read-only here',
    },
  ])(
    'because it is $what: exit 5, the old key is there, and nothing is half-written',
    async ({ fail, why }) => {
      const vault = open();
      expect(await secretOf(vault, 'prod')).toBe('secret of prod');
      fail();
      await expect(vault.storeAccessKey('dev', key('new'))).rejects.toMatchObject({ exitStatus: 5, why });
      expect(files()).toEqual(pristine);
      expect(await secretOf(vault, 'dev')).toBe('secret of dev');
    },
  );
});

test('two vaults are never made at once', async () => {
  const other = temporaryHome();
  const vaults = [1, 2, 3].map(() =>
    openVault({
      paths: appPaths(other.environment),
      settings: { backend: 'file', filePassphrase: new Secret('passphrase') },
      environment: {},
      prompter: nobodyThere(),
      clock: systemClock,
      notify: () => {},
    }),
  );
  await Promise.all(vaults.map((vault, i) => vault.storeAccessKey(`profile ${i}`, key(`secret ${i}`))));
  const [reader] = vaults;
  if (reader === undefined) throw new Error('no vault');
  for (const i of vaults.keys()) expect(await secretOf(reader, `profile ${i}`)).toBe(`secret ${i}`);
});
