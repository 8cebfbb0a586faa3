import { chmodSync, chownSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  isProtected,
  listSettings,
  parseSettings,
  readSettings,
  setSetting,
} from '../../src/settings/index.ts';
import { UsageError } from '../../src/system/index.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const home = '/home/me';
const read = (text: string) => parseSettings(text, '/home/me/.config/awsh/config', home);

function errorOf(work: () => unknown): UsageError {
  try {
    work();
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error('nothing was wrong');
}

test('without a file, awsh decides everything', () => {
  expect(readSettings('/nonexistent/awsh/config', home)).toEqual({
    path: '/nonexistent/awsh/config',
    agent: true,
    backend: null,
    codingAgents: 'same',
    fileDir: null,
    lockAfterSeconds: null,
    log: 'on',
    logDirectories: true,
    logTo: 'file',
    passPrefix: null,
    picker: 'builtin',
    prompt: null,
    protected: [],
    protectedEntries: [],
    reasonAs: 'tag',
    registries: [],
    roleSessionName: null,
    signInFlow: null,
    ssoCache: 'shared',
    themeVariable: 'AWSUME_PROFILE',
    trustedDirs: [],
  });
});

test.each([
  ['backend = pass', { backend: 'pass' }],
  ['prompt = zenity', { prompt: 'zenity' }],
  ['prompt = pass-otp', { prompt: 'pass-otp' }],
  ['agent = off', { agent: false }],
  ['lock_after = 1h30m', { lockAfterSeconds: 5400 }],
  ['lock_after = off', { lockAfterSeconds: null }],
  ['theme_variable = none', { themeVariable: null }],
  ['theme_variable = AWS_SSO_PROFILE', { themeVariable: 'AWS_SSO_PROFILE' }],
  ['file_dir = ~/vaults/awsh', { fileDir: '/home/me/vaults/awsh' }],
  ['file_dir = "/data/a#b"', { fileDir: '/data/a#b' }],
  ["file_dir = '/data/a;b'", { fileDir: '/data/a;b' }],
  ['file_dir = /data/a\\#b', { fileDir: '/data/a#b' }],
  ["pass_prefix = '1e3'", { passPrefix: '1e3' }],
  ['pass_prefix=awsh', { passPrefix: 'awsh' }],
  ['# a comment\r\n\r\n  ; another\r\nbackend = file\r\n', { backend: 'file' }],
  ['\tbackend\t=\tfile', { backend: 'file' }],
  ['protected = prod*', { protected: ['prod*'] }],
  ['protected = prod*, 123456789012 live', { protected: ['prod*', '123456789012', 'live'] }],
  ['protected = prod*\nprotected = live', { protected: ['prod*', 'live'] }],
  ['protected[] = my prod\nprotected[] = live', { protected: ['my prod', 'live'] }],
  [
    'protected = prod* max=30m, live max = 1h 777788889999',
    {
      protected: ['prod*', 'live', '777788889999'],
      protectedEntries: [
        { pattern: 'prod*', maxSeconds: 1800, needsReason: false },
        { pattern: 'live', maxSeconds: 3600, needsReason: false },
        { pattern: '777788889999', maxSeconds: null, needsReason: false },
      ],
    },
  ],
  [
    'protected[] = my prod max=15m',
    { protectedEntries: [{ pattern: 'my prod', maxSeconds: 900, needsReason: false }] },
  ],
  [
    'protected = prod reason = required max=30m, live reason=required dev',
    {
      protectedEntries: [
        { pattern: 'prod', maxSeconds: 1800, needsReason: true },
        { pattern: 'live', maxSeconds: null, needsReason: true },
        { pattern: 'dev', maxSeconds: null, needsReason: false },
      ],
    },
  ],
  ["protected = '012345678901'", { protected: ['012345678901'] }],
  ['trusted_dirs = ~/work: dev', { trustedDirs: [{ path: '/home/me/work', profiles: ['dev'] }] }],
  [
    'trusted_dirs[] = /srv/a: dev, my profile',
    { trustedDirs: [{ path: '/srv/a', profiles: ['dev', 'my profile'] }] },
  ],
  [
    'trusted_dirs = "/srv/a: dev; /srv/b: staging"',
    {
      trustedDirs: [
        { path: '/srv/a', profiles: ['dev'] },
        { path: '/srv/b', profiles: ['staging'] },
      ],
    },
  ],
  ['trusted_dirs = /srv/x:y: dev', { trustedDirs: [{ path: '/srv/x:y', profiles: ['dev'] }] }],
  ['trusted_dirs = /home/media: dev', { trustedDirs: [{ path: '/home/media', profiles: ['dev'] }] }],
])('%j is read', (text, expected) => {
  expect(read(text)).toMatchObject(expected);
});

describe('an error names the file, the line, the setting and the allowed values', () => {
  test.each([
    ['\nbackend = keychian', 'config:2: backend is not valid', 'allowed: keychain, file or pass'],
    ['agent = yes', 'config:1: agent is not valid', 'allowed: on or off'],
    ['agent =', 'config:1: agent is not valid', 'allowed: on or off'],
    ['lock_after = soon', 'config:1: lock_after is not valid', 'a duration like 30m'],
    ['lock_after = 0s', 'config:1: lock_after is not valid', 'a duration like 30m'],
    [
      'theme_variable = PATH',
      'config:1: theme_variable is not valid',
      'AWSU_PROFILE, AWS_SSO_PROFILE or none',
    ],
    ['file_dir = vaults', 'config:1: file_dir is not valid', 'an absolute path'],
    ['protected = prod mx=30m', 'config:1: protected is not valid', 'max=TIME'],
    ['protected = prod max=soon', 'config:1: protected is not valid', 'max=TIME'],
    ['protected = prod max=', 'config:1: protected is not valid', 'max=TIME'],
    ['protected = max=30m', 'config:1: protected is not valid', 'max=TIME'],
    ['protected[] = prod reason=yes', 'config:1: protected is not valid', 'reason=required'],
    ['protected = prod reason=', 'config:1: protected is not valid', 'reason=required'],
    ['reason_as = label', 'config:1: reason_as is not valid', 'allowed: tag or source-identity'],
    ['prompt = wincredui', 'config:1: prompt is not valid', 'allowed: terminal'],
    ['protcted = prod', 'config:1: no setting is called protcted', 'protected'],
    ['__proto__ = prod', 'config:1: no setting is called __proto__', 'protected'],
    ['constructor[] = prod', 'config:1: no setting is called constructor', 'protected'],
    ['[awsh]\nbackend = file', 'config:1: this is not a setting', 'key = value'],
    ['backend', 'config:1: this is not a setting', 'key = value'],
    ['backend = file\rprotected = x', 'config:1: this is not a setting', 'key = value'],
    ['backend = file\nagent = on\nbackend = pass', 'config:3: backend is not valid', 'also on line 1'],
    ['protected = prod#1, live', 'config:1: protected has a # or ; in it', 'quoted'],
    ['protected = prod ; live', 'config:1: protected has a # or ; in it', 'quoted'],
    ['protected =', 'config:1: protected is not valid', 'a name'],
    ['protected = prod,', 'config:1: protected is not valid', 'a name'],
    ['pass_prefix = "a\\u001b[2J"', 'config:1: pass_prefix has control characters in it', 'plain text'],
    ['trusted_dirs = /: dev', 'config:1: trusted_dirs is not valid', 'PATH: PROFILE'],
    ['trusted_dirs = /srv/..: dev', 'config:1: trusted_dirs is not valid', 'PATH: PROFILE'],
    ['trusted_dirs = ~: dev', 'config:1: trusted_dirs is not valid', 'PATH: PROFILE'],
    ['trusted_dirs = ~/: dev', 'config:1: trusted_dirs is not valid', 'PATH: PROFILE'],
    ['trusted_dirs = /home: dev', 'config:1: trusted_dirs is not valid', 'PATH: PROFILE'],
    ['trusted_dirs = work: dev', 'config:1: trusted_dirs is not valid', 'PATH: PROFILE'],
    ['trusted_dirs = ~/work', 'config:1: trusted_dirs is not valid', 'PATH: PROFILE'],
    ['trusted_dirs = ~/work: *', 'config:1: trusted_dirs is not valid', 'exact names'],
    ['trusted_dirs = ~/work: dev,', 'config:1: trusted_dirs is not valid', 'exact names'],
  ])('%j', (text, what, why) => {
    const error = errorOf(() => read(text));
    expect(error.exitStatus).toBe(2);
    expect(`${error.what}\n${error.why}`).toContain(what);
    expect(error.why).toContain(why);
  });
});

describe('the settings file', () => {
  test('that others can write is not used', () => {
    const path = temporaryHome().write('.config/awsh/config', 'trusted_dirs = ~/work: dev\n');
    chmodSync(path, 0o666);
    expect(errorOf(() => readSettings(path)).next).toBe(`chmod go-w ${path}`);
  });

  test.skipIf(process.getuid?.() !== 0)('of another user is not used', () => {
    const path = temporaryHome().write('.config/awsh/config', 'backend = file\n');
    chownSync(path, 65534, 65534);
    expect(errorOf(() => readSettings(path)).why).toBe('it belongs to another user');
  });

  test('a home reached through a link is still the home', () => {
    const { path } = temporaryHome();
    mkdirSync(join(path, 'real'));
    symlinkSync('real', join(path, 'link'));
    symlinkSync('real', join(path, 'me'));
    const trust = (folder: string) => () =>
      parseSettings(`trusted_dirs = ${folder}: dev`, 'config', join(path, 'me'));
    expect(trust(join(path, 'link'))).toThrow(UsageError);
    expect(trust(join(path, 'link', 'work'))).not.toThrow();
  });
});

describe('protected', () => {
  const target = {
    profile: 'prod-admin',
    account: '123456789012',
    roleArn: 'arn:aws:iam::123456789012:role/Admin',
  };
  test.each([
    ['prod-admin', true],
    ['prod*', true],
    ['*', true],
    ['prod-?dmin', true],
    ['prod', false],
    ['Prod*', false],
    ['prod.admin', false],
    ['123456789012', true],
    ['12345678901', false],
    ['arn:aws:iam::123456789012:role/Admin', true],
    ['arn:aws:iam::*:role/Admin', true],
    ['arn:aws:iam::123456789012:role/Adm', false],
  ])('%s: %s', (pattern, expected) => {
    expect(isProtected({ protected: ['nothing', pattern] }, target)).toBe(expected);
  });

  test("an account is protected by its role's ARN before AWS was asked", () => {
    const { profile, roleArn } = target;
    expect(isProtected({ protected: ['123456789012'] }, { profile, roleArn, account: null })).toBe(true);
    expect(isProtected({ protected: ['123456789012'] }, { profile, roleArn: null, account: null })).toBe(
      false,
    );
  });
});

describe('config set', () => {
  test('creates the file and its folder', () => {
    const path = join(temporaryHome().path, '.config/awsh/config');
    setSetting(path, 'backend', 'file', home);
    expect(readFileSync(path, 'utf8')).toBe('backend = file\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('keeps comments, order and the other settings; a link stays a link', () => {
    const folder = temporaryHome();
    const target = folder.write('dotfiles/awsh', '# mine\nbackend = file\n\n; guard\nprotected = prod*\n');
    mkdirSync(join(folder.path, '.config/awsh'), { recursive: true });
    const path = join(folder.path, '.config/awsh/config');
    symlinkSync(target, path);
    setSetting(path, 'backend', 'pass', home);
    setSetting(path, 'protected', ['prod*', 'my live'], home);
    setSetting(path, 'agent', 'off', home);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, 'utf8')).toBe(
      '# mine\nbackend = pass\n\n; guard\nprotected[] = prod*\nprotected[] = my live\nagent = off\n',
    );
    setSetting(path, 'protected', [], home);
    expect(listSettings(path).map(({ key, value }) => `${key}=${value}`)).toEqual([
      'backend=pass',
      'agent=off',
    ]);
  });

  test.each([
    '/data/a#b;c',
    '/data/"quoted"',
    '/data/back\\\\slash',
    '/data/ space',
    "/data/it's",
    '/data/=',
    '/data/[x]',
  ])('the value %s is read back unchanged', (value) => {
    const path = join(temporaryHome().path, 'config');
    setSetting(path, 'file_dir', value, home);
    expect(readSettings(path, home).fileDir).toBe(value);
  });

  test('changes nothing if the value is invalid', () => {
    const path = temporaryHome().write('config', 'backend = file\n');
    expect(() => setSetting(path, 'backend', 'kechain', home)).toThrow(UsageError);
    expect(() => setSetting(path, 'pass_prefix', 'a\nprotected = x', home)).toThrow(UsageError);
    expect(() => setSetting(path, '__proto__', 'x', home)).toThrow(UsageError);
    expect(readFileSync(path, 'utf8')).toBe('backend = file\n');
  });
});
