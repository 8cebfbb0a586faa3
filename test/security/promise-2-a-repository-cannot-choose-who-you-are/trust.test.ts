import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type DirectoryFile,
  readDirectoryFile,
  type TrustedIdentity,
  TrustStore,
} from '../../../src/directory/index.ts';
import { AwshError } from '../../../src/system/index.ts';
import { type TemporaryHome, temporaryHome } from '../../support/temporary-home.ts';

// Security rule 2: awsh trusts this content, at this path, for what the profile meant when it was
// allowed.

const dev: TrustedIdentity = {
  digest: 'a1',
  profile: 'dev',
  account: '111111111111',
  role: 'arn:aws:iam::111111111111:role/Dev',
};

interface Place extends TemporaryHome {
  store: TrustStore;
  folder: string;
  /** Writes project/.awsprofile and reads it. */
  project(content: string): DirectoryFile;
}

function place(): Place {
  const home = temporaryHome();
  const folder = join(home.path, 'data/awsh/trust');
  const project = (content: string) => readDirectoryFile(home.write('project/.awsprofile', content));
  return { ...home, folder, store: new TrustStore(folder), project };
}

describe('a directory file', () => {
  test('is unknown until it is allowed', () => {
    const { store, project } = place();
    const file = project('dev\n');
    expect(store.decision(file, dev)).toEqual({ state: 'unknown' });
    store.allow(file, dev);
    expect(store.decision(file, dev)).toEqual({ state: 'allowed' });
    expect(store.decision(file, null)).toEqual({ state: 'allowed' });
  });

  test.each(['prod\n', 'dev', 'dev\n\n', '# dev\ndev\n', ''])(
    'that reads %j after the edit asks again',
    (content) => {
      const { store, project } = place();
      store.allow(project('dev\n'), dev);
      expect(store.decision(project(content), dev)).toEqual({ state: 'changed', what: 'content' });
      expect(store.decision(project(content), null)).toEqual({ state: 'changed', what: 'content' });
    },
  );

  test.each<[string, Partial<TrustedIdentity>]>([
    ['another key of the chain', { digest: 'b2' }],
    ['another profile', { profile: 'prod' }],
    ['another account', { account: '222222222222' }],
    ['another role', { role: 'arn:aws:iam::111111111111:role/Admin' }],
    ['plain keys instead of a role', { account: null, role: null }],
  ])('whose profile now means %s asks again', (_, change) => {
    const { store, project } = place();
    const file = project('dev\n');
    store.allow(file, dev);
    expect(store.decision(file, { ...dev, ...change })).toEqual({ state: 'changed', what: 'plan' });
  });

  test('that goes from A to B and back to A asks both times', () => {
    const { store, project } = place();
    store.allow(project('a\n'), { ...dev, profile: 'a' });
    store.allow(project('b\n'), { ...dev, profile: 'b' });
    expect(store.decision(project('a\n'), { ...dev, profile: 'a' })).toEqual({
      state: 'changed',
      what: 'content',
    });
  });

  test('that is moved, or copied with its whole project, asks again', () => {
    const { store, project, path } = place();
    store.allow(project('dev\n'), dev);
    renameSync(join(path, 'project'), join(path, 'moved'));
    expect(store.decision(readDirectoryFile(join(path, 'moved/.awsprofile')), dev)).toEqual({
      state: 'unknown',
    });
  });

  test('is the same file when its project is reached through a link', () => {
    const { store, project, path } = place();
    store.allow(project('dev\n'), dev);
    symlinkSync('project', join(path, 'link'));
    expect(store.decision(readDirectoryFile(join(path, 'link/.awsprofile')), dev)).toEqual({
      state: 'allowed',
    });
  });

  test('that is a clone’s link to one allowed elsewhere is unknown', () => {
    const { store, project, path } = place();
    store.allow(project('dev\n'), dev);
    mkdirSync(join(path, 'clone'));
    symlinkSync('../project/.awsprofile', join(path, 'clone/.awsprofile'));
    const planted = readDirectoryFile(join(path, 'clone/.awsprofile'));
    expect(planted.profile).toBe('dev');
    expect(store.decision(planted, dev)).toEqual({ state: 'unknown' });
  });

  test('that was denied stays denied, whatever its content is, until it is allowed', () => {
    const { store, project } = place();
    const file = project('dev\n');
    store.allow(file, dev);
    store.deny(file.path);
    expect(store.decision(file, dev)).toEqual({ state: 'denied' });
    expect(store.decision(project('other\n'), dev)).toEqual({ state: 'denied' });
    expect(store.isDenied(file.path)).toBe(true);
    store.allow(file, dev);
    expect(store.decision(file, dev)).toEqual({ state: 'allowed' });
    expect(store.isDenied(file.path)).toBe(false);
  });
});

describe('the records', () => {
  test('are private, and contain what was shown and no more', () => {
    const { store, project, folder } = place();
    const file = project('dev\n');
    const shown = { ...dev, source: 'main', commands: [] };
    store.allow(file, shown);
    const [name = ''] = readdirSync(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(store.list()).toEqual([
      {
        version: 1,
        path: file.realpath,
        decided: expect.any(String),
        decision: 'allow',
        content: file.sha256,
        identity: dev,
      },
    ]);
  });

  test.each<[string, (record: string) => string]>([
    ['cut short', (record) => record.slice(0, -20)],
    ['empty', () => ''],
    ['of null', () => 'null'],
    ['of a later version', (record) => record.replace('"version": 1', '"version": 2')],
    ['without an identity', (record) => record.replace('"identity"', '"identities"')],
    ['with a hole in the identity', (record) => record.replace('"digest": "a1",', '')],
    ['with a list as the digest', (record) => record.replace('"digest": "a1"', '"digest": ["a1"]')],
    ['with an empty digest', (record) => record.replace('"digest": "a1"', '"digest": ""')],
    ['without the profile', (record) => record.replace('"profile": "dev",', '')],
    ['without the content', (record) => record.replace('"content"', '"contents"')],
    ['with an identity of null', (record) => record.replace(/"identity": \{[^}]*\}/, '"identity": null')],
    ['without the account', (record) => record.replace('"account": "111111111111",', '')],
    ['whose account is no text', (record) => record.replace('"account": "111111111111"', '"account": 1')],
    ['whose role is no text', (record) => record.replace(/"role": "[^"]*"/, '"role": {}')],
    ['without a date', (record) => record.replace('"decided"', '"decided-at"')],
    ['with an empty date', (record) => record.replace(/"decided": "[^"]*"/, '"decided": ""')],
    ['with another decision', (record) => record.replace('"allow"', '"allowed"')],
    ['of another path', (record) => record.replace('/project/', '/another/')],
    ['of 1 MB', (record) => record + ' '.repeat(2 ** 20)],
  ])('that are %s allow nothing', (_, damage) => {
    const { store, project, folder } = place();
    const file = project('dev\n');
    store.allow(file, dev);
    const record = join(folder, readdirSync(folder)[0] ?? '');
    writeFileSync(record, damage(readFileSync(record, 'utf8')));
    expect(store.decision(file, dev)).toEqual({ state: 'unknown' });
    expect(store.list()).toEqual([]);
  });

  test('without account and role are those of an access key', () => {
    const { store, project } = place();
    const file = project('dev\n');
    const key = { ...dev, account: null, role: null };
    store.allow(file, key);
    expect(store.decision(file, key)).toEqual({ state: 'allowed' });
    expect(store.decision(file, dev)).toEqual({ state: 'changed', what: 'plan' });
  });

  test('that are folders or empty refusals decide nothing', () => {
    const { store, project, folder } = place();
    const file = project('dev\n');
    store.deny(file.path);
    const record = join(folder, readdirSync(folder)[0] ?? '');
    const text = readFileSync(record, 'utf8');
    writeFileSync(record, text.replace('"decided"', '"date"'));
    expect(store.decision(file, dev)).toEqual({ state: 'unknown' });
    rmSync(record);
    mkdirSync(record);
    expect(store.decision(file, dev)).toEqual({ state: 'unknown' });
    expect(store.isDenied(file.path)).toBe(false);
  });

  test('are none before the first decision, and their folder is not made by reading', () => {
    const { store, project, folder } = place();
    const file = project('dev\n');
    expect(store.list()).toEqual([]);
    expect(store.prune()).toEqual([]);
    expect(store.isDenied(file.path)).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });

  test('are listed by path', () => {
    const { store, write, path } = place();
    for (const name of ['b', 'c', 'a']) store.deny(write(`${name}/.awsprofile`, 'dev\n'));
    const paths = ['a', 'b', 'c'].map((name) => join(path, name, '.awsprofile'));
    expect(store.list().map((record) => record.path)).toEqual(paths);
  });

  test('that others could have written, or that are links, allow nothing', () => {
    const { store, project, folder, path } = place();
    const file = project('dev\n');
    store.allow(file, dev);
    const record = join(folder, readdirSync(folder)[0] ?? '');
    chmodSync(record, 0o620);
    expect(store.decision(file, dev)).toEqual({ state: 'unknown' });
    chmodSync(record, 0o600);
    expect(store.decision(file, dev)).toEqual({ state: 'allowed' });
    renameSync(record, join(path, 'elsewhere'));
    symlinkSync(join(path, 'elsewhere'), record);
    expect(store.decision(file, dev)).toEqual({ state: 'unknown' });
  });

  test.each<[string, (folder: string) => void]>([
    ['others can enter', (folder) => chmodSync(folder, 0o710)],
    ['others can write', (folder) => chmodSync(folder, 0o722)],
    [
      'is a link',
      (folder) => {
        renameSync(folder, `${folder}.real`);
        symlinkSync(`${folder}.real`, folder);
      },
    ],
  ])('in a folder that %s are not read at all', (_, spoil) => {
    expectNothingIsRead(spoil);
  });

  test.skipIf(process.getuid?.() !== 0)(
    'in a folder that belongs to another user are not read at all',
    () => {
      expectNothingIsRead((folder) => chownSync(folder, 65534, 65534));
    },
  );

  test('of missing files are pruned; a refusal stays while its folder exists', () => {
    const { store, project, path, write } = place();
    const file = (name: string) => readDirectoryFile(write(`${name}/.awsprofile`, 'dev\n'));
    store.allow(project('dev\n'), dev);
    store.allow(file('gone'), dev);
    store.deny(file('denied').path);
    store.deny(file('deleted').path);
    rmSync(join(path, 'gone/.awsprofile'));
    rmSync(join(path, 'denied/.awsprofile'));
    rmSync(join(path, 'deleted'), { recursive: true });
    const names = (records: { path: string }[]) => records.map((record) => record.path.split('/').at(-2));
    expect(names(store.prune())).toEqual(['deleted', 'gone']);
    expect(names(store.list())).toEqual(['denied', 'project']);
  });
});

function expectNothingIsRead(spoil: (folder: string) => void): void {
  const { store, project, folder } = place();
  const file = project('dev\n');
  store.allow(file, dev);
  spoil(folder);
  expect(() => store.decision(file, dev)).toThrow(AwshError);
  expect(() => store.list()).toThrow(AwshError);
  expect(() => store.allow(file, dev)).toThrow(AwshError);
  expect(() => store.deny(file.path)).toThrow(AwshError);
}
