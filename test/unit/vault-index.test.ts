import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appPaths, type Clock, Secret } from '../../src/system/index.ts';
import {
  type AccessKey,
  openVault,
  type SessionRecord,
  type VaultSettings,
  vaultSettings,
} from '../../src/vault/index.ts';
import { bundledScript } from '../support/bundled-script.ts';
import { nobodyThere } from '../support/fake-prompter.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';

const indexFile = '.local/share/awsh/index.json';
const key = (accessKeyId = 'AKIAIOSFODNN7EXAMPLE'): AccessKey => ({
  accessKeyId,
  secretAccessKey: new Secret('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'),
  added: new Date('2026-03-01T10:00:00Z'),
});
const now = Date.parse('2026-03-02T00:00:00Z');
const inAnHour = new Date(now + 3_600_000);

function open(home: TemporaryHome, more: { settings?: VaultSettings; clock?: Clock } = {}) {
  const notes: string[] = [];
  const vault = openVault({
    paths: appPaths(home.environment),
    settings: more.settings ?? { backend: 'file', filePassphrase: new Secret('passphrase') },
    environment: {},
    prompter: nobodyThere(),
    clock: more.clock ?? { now: () => now },
    notify: (line) => void notes.push(line),
  });
  return { ...vault, notes };
}

const session = (id: string, expires: Date): SessionRecord => ({
  id,
  profile: 'dev',
  kind: 'AssumeRole',
  expires,
  accountId: '123456789012',
  roleArn: 'arn:aws:iam::123456789012:role/dev',
});

const credentials = (expires: Date) => ({
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: new Secret('session secret'),
  sessionToken: new Secret('session token'),
  expiration: expires,
  accountId: '123456789012',
  arn: 'arn:aws:sts::123456789012:assumed-role/dev/me',
});

test('listing needs no passphrase: names, key ids and times are in the index', async () => {
  const home = temporaryHome();
  await open(home).storeAccessKey('dev', key());
  await open(home).storeSession(session('s1', inAnHour), credentials(inAnHour));
  const listing = open(home, { settings: { backend: 'file' } });
  expect(listing.keys()).toEqual([{ profile: 'dev', accessKeyId: key().accessKeyId, added: key().added }]);
  expect(listing.sessions()).toEqual([session('s1', inAnHour)]);
  expect(statSync(join(home.path, indexFile)).mode & 0o777).toBe(0o600);
});

test('a session is returned unchanged, and removed with its file when it has expired', async () => {
  const home = temporaryHome();
  const vault = open(home);
  await vault.storeSession(session('s1', inAnHour), credentials(inAnHour));
  const read = await open(home).session('s1');
  expect(read).toMatchObject({
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    accountId: '123456789012',
    expiration: inAnHour,
  });
  expect(read?.sessionToken?.reveal()).toBe('session token');
  expect(await vault.session('another')).toBeNull();

  const later = open(home, { clock: { now: () => inAnHour.getTime() } });
  expect(await later.session('s1')).toBeNull();
  const inTwo = new Date(now + 7_200_000);
  await later.storeSession(session('s2', inTwo), credentials(inTwo));
  expect(later.sessions().map(({ id }) => id)).toEqual(['s2']);
  expect(() => statSync(join(home.path, '.local/share/awsh/vault/session.s1.jwe'))).toThrow('ENOENT');
  expect(await later.removeSessions(({ profile }) => profile === 'dev')).toBe(1);
  expect(later.sessions()).toEqual([]);
});

test('commands that store at once are all in the index', async () => {
  const home = temporaryHome();
  const script = bundledScript(
    home,
    `import { IndexFile } from './src/vault/index-file.ts';
     const [index, locks, name] = process.argv.slice(2);
     const file = new IndexFile({ index, locks });
     for (let i = 0; i < 40; i++) {
       const record = { profile: name + i, accessKeyId: 'AKIAIOSFODNN7EXAMPLE', added: new Date(0) };
       await file.update((content) => void content.backends.file.keys.push(record));
     }`,
  );
  const { index, locks } = appPaths(home.environment);
  const writers = ['a', 'b', 'c'].map((name) =>
    spawn(process.execPath, [script, index, locks, name], { stdio: 'inherit' }),
  );
  const ends = await Promise.all(writers.map((writer) => once(writer, 'exit')));
  expect(ends.map(([status]) => status)).toEqual([0, 0, 0]);
  expect(open(home).keys()).toHaveLength(120);
});

test('with a lost index, keys are still found, and the profile names in the config rebuild the list', async () => {
  const home = temporaryHome();
  await open(home).storeAccessKey('dev', key());
  await open(home).storeAccessKey('prod', key('AKIAPRODPRODPRODPROD'));
  rmSync(join(home.path, indexFile));

  const vault = open(home);
  expect(vault.needsRebuild()).toBe(true);
  expect(vault.keys()).toEqual([]);
  expect((await vault.accessKey('dev'))?.accessKeyId).toBe('AKIAIOSFODNN7EXAMPLE');
  expect(await vault.rebuild(['dev', 'prod', 'never stored', 'bad\nname'])).toBe(2);
  expect(vault.keys().map(({ accessKeyId }) => accessKeyId)).toEqual([
    'AKIAIOSFODNN7EXAMPLE',
    'AKIAPRODPRODPRODPROD',
  ]);
  expect(open(home).needsRebuild()).toBe(false);
});

test('keys stored in one backend do not look locked in another', async () => {
  const home = temporaryHome();
  await open(home).storeAccessKey('dev', key());
  const other = open(home, { settings: { backend: 'pass' } });
  expect(other.keys()).toEqual([]);
  expect(open(home).keys()).toHaveLength(1);
});

test('without a setting, the backend with the keys is used, and the keychain is not asked', async () => {
  const home = temporaryHome();
  await open(home).storeAccessKey('dev', key());
  const vault = open(home, { settings: {} });
  expect(vault.keys()).toHaveLength(1);
  expect(await vault.backend()).toEqual({ name: 'file', why: 'the stored keys are in it' });
  expect(vault.notes).toEqual([]);
});

test('"no keychain" is remembered for a day', async () => {
  const home = temporaryHome();
  let time = now;
  const linesOf = async () => {
    const vault = open(home, { settings: {}, clock: { now: () => time } });
    const { name } = await vault.backend();
    return [name, vault.notes.length];
  };
  const decided = () => JSON.parse(readFileSync(join(home.path, indexFile), 'utf8')).choice.decided;
  expect(await linesOf()).toEqual(['file', 1]);
  time += 3_600_000;
  expect(await linesOf()).toEqual(['file', 0]);
  expect(decided()).toBe(new Date(now).toISOString());
  time += 24 * 3_600_000;
  expect(await linesOf()).toEqual(['file', 0]);
  expect(decided()).toBe(new Date(time).toISOString());
});

const good = { profile: 'dev', accessKeyId: 'AKIAIOSFODNN7EXAMPLE', added: '2026-03-01T10:00:00.000Z' };
const index = (keys: unknown, more: object = {}) =>
  JSON.stringify({ version: 1, backends: { file: { keys, sessions: [] } }, ...more });

test.each([
  { what: 'empty', content: '', keys: 0, lost: true },
  { what: 'cut short', content: index([good]).slice(0, -5), keys: 0, lost: true },
  { what: 'a list', content: '[1, 2]', keys: 0, lost: true },
  { what: 'null', content: 'null', keys: 0, lost: true },
  { what: 'of a later version', content: index([good], { version: 2 }), keys: 0, lost: true },
  { what: 'binary', content: '\u0000\u0001\ufffd', keys: 0, lost: true },
  { what: 'deep', content: '['.repeat(200_000), keys: 0, lost: true },
  {
    what: 'with fields of a later awsh',
    content: index([{ ...good, colour: 'red' }], { colours: {} }),
    keys: 1,
    lost: false,
  },
  {
    what: 'with a choice that is none',
    content: index([good], { choice: { backend: 'x', why: 1 } }),
    keys: 1,
    lost: false,
  },
  { what: 'with backends that are none', content: '{"version":1,"backends":[[]]}', keys: 0, lost: false },
  { what: 'with keys that are no list', content: index({ length: 3 }), keys: 0, lost: false },
  { what: 'with records that are none', content: index([null, 7, 'x', [], {}, good]), keys: 1, lost: false },
  {
    what: 'with __proto__ in it',
    content: index([{ __proto__: 1, ...good }]).replace('{', '{"__proto__":{"x":1},'),
    keys: 1,
    lost: false,
  },
  { what: 'with the same name twice', content: index([good, good]), keys: 1, lost: false },
  {
    what: 'with an escape sequence as a name',
    content: index([{ ...good, profile: '\u001b]0;x\u0007' }, good]),
    keys: 1,
    lost: false,
  },
  {
    what: 'with a key id that is none',
    content: index([{ ...good, accessKeyId: 'x; rm -rf /' }]),
    keys: 0,
    lost: false,
  },
  {
    what: 'with a date that is none',
    content: index([{ ...good, added: 'yesterday' }]),
    keys: 0,
    lost: false,
  },
])('an index that is $what is read as far as possible', ({ content, keys, lost }) => {
  const home = temporaryHome();
  home.write(indexFile, content);
  const vault = open(home);
  expect(vault.keys()).toHaveLength(keys);
  expect(vault.sessions()).toEqual([]);
  expect(vault.needsRebuild()).toBe(lost);
});

test.each([
  { what: 'a key id that AWS does not issue', profile: 'dev', stored: key('AKIA SHORT') },
  { what: 'a short key id', profile: 'dev', stored: key('AKIASHORT') },
  { what: 'an empty secret', profile: 'dev', stored: { ...key(), secretAccessKey: new Secret('') } },
  { what: 'a name with a line end', profile: 'dev\n[default]', stored: key() },
  { what: 'no name', profile: '', stored: key() },
])('$what is refused before anything is written', async ({ profile, stored }) => {
  const home = temporaryHome();
  await expect(open(home).storeAccessKey(profile, stored)).rejects.toMatchObject({ exitStatus: 2 });
  expect(open(home).needsRebuild()).toBe(true);
});

test.each([
  { environment: { AWSH_BACKEND: 'file', AWS_VAULT_BACKEND: 'pass' }, settings: { backend: 'file' } },
  { environment: { AWS_VAULT_BACKEND: 'secret-service' }, settings: { backend: 'keychain' } },
  {
    environment: { AWS_VAULT_PASS_PREFIX: 'aws', AWS_VAULT_PASS_CMD: 'gopass' },
    settings: { passPrefix: 'aws', passCommand: 'gopass' },
  },
  { environment: { AWSH_FILE_PASSPHRASE: '' }, settings: { filePassphrase: undefined } },
  { environment: { AWS_VAULT_FILE_DIR: '/home/me/.awsvault/keys' }, settings: { fileFolder: undefined } },
])('$environment is understood', ({ environment, settings }) => {
  expect(vaultSettings(environment)).toMatchObject(settings);
});

test('an unsupported backend is named with the supported ones', () => {
  expect(() => vaultSettings({ AWS_VAULT_BACKEND: 'kwallet' })).toThrow('there is no backend "kwallet"');
});
