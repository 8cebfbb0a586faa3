import { chmodSync, chownSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDirectoryFile, trustedBySettings } from '../../../src/directory/index.ts';
import { UsageError } from '../../../src/system/index.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

// Security rule 3: trusted_dirs is `PATH: PROFILE…`. It trusts only these profiles, and compares
// real paths by whole components.

/** Whether `profile` is trusted in `folder`, with trusted_dirs = `listed: dev, staging`. */
function isTrusted(
  home: string,
  listed: string,
  folder: string,
  profile = 'dev',
  isProtected = false,
): boolean {
  const settings = {
    path: 'config',
    trustedDirs: [{ path: join(home, listed), profiles: ['dev', 'staging'] }],
  };
  return trustedBySettings(
    settings,
    readDirectoryFile(join(home, folder, '.awsprofile')),
    profile,
    isProtected,
  );
}

test.each([
  ['work', 'work', true],
  ['work', 'work/a/b', true],
  ['work/', 'work/a/b', true],
  ['work/a', 'work', false],
  ['work', 'workshop', false],
  ['work', 'other', false],
  ['work/../other', 'other', true],
  ['nowhere', 'work', false],
  ['link', 'work', true],
  ['work', 'link', true],
  ['other', 'other/out', false],
])('%s listed, a file in %s: %s', (listed, folder, expected) => {
  const home = temporaryHome();
  for (const name of ['work', 'work/a/b', 'workshop', 'other']) home.write(`${name}/.awsprofile`, 'dev');
  symlinkSync('work', join(home.path, 'link'));
  symlinkSync('../work', join(home.path, 'other/out'));
  expect(isTrusted(home.path, listed, folder)).toBe(expected);
});

test('only the listed profiles, and never a protected one', () => {
  const home = temporaryHome();
  home.write('work/.awsprofile', 'dev');
  expect(isTrusted(home.path, 'work', 'work', 'staging')).toBe(true);
  expect(isTrusted(home.path, 'work', 'work', 'prod')).toBe(false);
  expect(isTrusted(home.path, 'work', 'work', 'Dev')).toBe(false);
  expect(isTrusted(home.path, 'work', 'work', 'dev', true)).toBe(false);
});

describe('a tree that others can write is an error', () => {
  test.each<[string, string, number]>([
    ['its root', 'work', 0o777],
    ['its root, sticky', 'work', 0o1777],
    ['its root, by my group', 'work', 0o770],
    ['a folder on the way', 'work/a', 0o702],
    ['the folder of the file', 'work/a/b', 0o720],
    ['a folder above', '.', 0o722],
  ])('%s', (_, folder, mode) => {
    const home = temporaryHome();
    home.write('work/a/b/.awsprofile', 'dev');
    chmodSync(join(home.path, folder), mode);
    expect(() => isTrusted(home.path, 'work', 'work/a/b')).toThrow(UsageError);
    expect(isTrusted(home.path, 'work', 'work/a/b', 'prod')).toBe(false);
  });

  test.skipIf(process.getuid?.() !== 0)('a folder of another user', () => {
    const home = temporaryHome();
    home.write('work/a/.awsprofile', 'dev');
    chownSync(join(home.path, 'work/a'), 65534, 65534);
    expect(() => isTrusted(home.path, 'work', 'work/a')).toThrow(UsageError);
  });

  test('but a sticky folder above, like /tmp, is not an error', () => {
    const home = temporaryHome();
    mkdirSync(join(home.path, 'tmp'));
    home.write('tmp/shop/.awsprofile', 'dev');
    chmodSync(join(home.path, 'tmp'), 0o1777);
    expect(isTrusted(home.path, 'tmp/shop', 'tmp/shop')).toBe(true);
  });
});
