import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  DirectoryFileError,
  directoryFileText,
  findDirectoryFile,
  readDirectoryFile,
} from '../../src/directory/index.ts';
import { parseDirectoryFile } from '../../src/directory/parse-directory-file.ts';
import { UsageError } from '../../src/system/index.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const parse = (content: string | Buffer) => parseDirectoryFile(Buffer.from(content), '/p/.awsprofile');
const nothing = { profile: null, region: null, account: null, readOnly: false, policyArns: [] };

describe('the allowed content of a directory file', () => {
  test.each([
    ['dev', { profile: 'dev' }],
    ['profile = dev\nread-only = true', { profile: 'dev', readOnly: true }],
    [
      'profile = dev\npolicy-arn = arn:aws:iam::aws:policy/A, arn:aws:iam::111122223333:policy/team/B',
      {
        profile: 'dev',
        policyArns: ['arn:aws:iam::aws:policy/A', 'arn:aws:iam::111122223333:policy/team/B'],
      },
    ],
    ['dev\n', { profile: 'dev' }],
    ['  dev  \r\n', { profile: 'dev' }],
    ['# who we are\n\n; really\ndev\n', { profile: 'dev' }],
    ['dev.eu-1_a@b+c,d', { profile: 'dev.eu-1_a@b+c,d' }],
    ['a:b/c#1', { profile: 'a:b/c#1' }],
    ['$(touch_pwned)', { profile: '$(touch_pwned)' }],
    ['__proto__', { profile: '__proto__' }],
    ['profile = dev', { profile: 'dev' }],
    ['profile=dev', { profile: 'dev' }],
    ['profile = my profile', { profile: 'my profile' }],
    ['profile = a=b', { profile: 'a=b' }],
    [
      'profile = dev\r\nregion = eu-central-1\r\naccount = 012345678901\r\n',
      { profile: 'dev', region: 'eu-central-1', account: '012345678901' },
    ],
    ['region = us-gov-west-1\nprofile = dev', { profile: 'dev', region: 'us-gov-west-1' }],
    [`#${'x'.repeat(507)}\ndev`, { profile: 'dev' }],
    ['', {}],
    ['\n\n', {}],
    ['# nothing yet\n', {}],
  ])('%j', (content, expected) => {
    expect(parse(content)).toEqual({ ...nothing, ...expected });
  });
});

describe('any other content is an error with file and line, without the content', () => {
  test.each<[content: string | Buffer, line: number | null, fault: string]>([
    ['dev\nprod\n', 2, 'write one name alone'],
    ['dev\nregion = eu-west-1', 2, 'write one name alone'],
    ['region = eu-west-1\ndev', 2, 'write one name alone'],
    ['dev prod', 1, 'more than one word'],
    ['dev # prod', 1, 'more than one word'],
    ['region = eu-west-1', null, 'it names no profile'],
    ['profile = dev\nprofile = dev', 2, 'profile is in the file twice'],
    ['role_arn = x', 1, 'no such key'],
    ['profile = dev\nread-only = false', 2, 'read-only must be true'],
    ['profile = dev\nread-only = TRUE', 2, 'read-only must be true'],
    ['profile = dev\npolicy-arn = ReadOnlyAccess', 2, 'policy-arn must be ARNs'],
    ['profile = dev\npolicy = {}', 2, 'no such key'],
    [
      'profile = dev\nread-only = true\npolicy-arn = arn:aws:iam::aws:policy/A',
      null,
      'cannot be used together',
    ],
    ['Profile = dev', 1, 'no such key'],
    ['profile[] = dev', 1, 'no such key'],
    ['__proto__ = dev', 1, 'no such key'],
    ['= dev', 1, 'no such key'],
    ['profile =', 1, 'profile must be the name'],
    ['profile = "dev"', 1, 'without quotes'],
    ["'dev'", 1, 'without quotes'],
    ['de\\v', 1, 'without quotes'],
    ['profile = dev # prod', 1, 'a comment must be on its own line'],
    ['profile = dev ;prod', 1, 'a comment must be on its own line'],
    ['[profile dev]', 1, 'no sections'],
    ['profile = dev\n\nregion = eu-west-1.evil.example', 3, 'region must be'],
    ['profile = dev\nregion = EU-WEST-1', 2, 'region must be'],
    ['profile = dev\naccount = 12345678901', 2, 'account must be'],
    ['profile = dev\naccount = 1234-5678-9012', 2, 'account must be'],
    ['\ufeffdev', 1, 'byte order mark'],
    ['# ok\rprod\ndev', 1, 'a carriage return within a line'],
    ['dev\r', 1, 'a carriage return within a line'],
    ['profile\t= dev', 1, 'there is a tab'],
    ['de\0v', 1, 'a character that is not text'],
    ['dev\n# \x1b[2J', 2, 'a character that is not text'],
    ['dév', 1, 'a character that is not text'],
    ['# \u202e\ndev', 1, 'a character that is not text'],
    [Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]), 1, 'a character that is not text'],
  ])('%j', (content, line, fault) => {
    const error = errorOf(() => parse(content));
    expect(error.what).toBe(`/p/.awsprofile${line === null ? '' : `:${line}`} is not used`);
    expect(error.why).toContain(fault);
    expect(error.exitStatus).toBe(2);
    for (const word of ['prod', 'dev', 'evil', '1234', 'role_arn']) expect(error.why).not.toContain(word);
  });
});

describe('the directory file that applies', () => {
  test('is the nearest one above the directory', () => {
    const home = temporaryHome();
    const outer = home.write('shop/.awsprofile', 'dev');
    mkdirSync(join(home.path, 'shop/a/b'), { recursive: true });
    expect(findDirectoryFile(join(home.path, 'shop/a/b'))).toBe(outer);
    expect(findDirectoryFile(`${home.path}//shop/`)).toBe(outer);
    const inner = home.write('shop/a/.awsprofile', 'prod');
    expect(findDirectoryFile(join(home.path, 'shop/a/b'))).toBe(inner);
    expect(findDirectoryFile(home.path)).toBeNull();
  });

  test('is on the path that the user sees, not on the targets of its links', () => {
    const home = temporaryHome();
    home.write('real/.awsprofile', 'dev');
    mkdirSync(join(home.path, 'real/in'));
    mkdirSync(join(home.path, 'seen'));
    symlinkSync(join(home.path, 'real/in'), join(home.path, 'seen/link'));
    expect(findDirectoryFile(join(home.path, 'seen/link'))).toBeNull();
  });

  test.each([
    ['a folder', (path: string) => mkdirSync(path)],
    ['a link to nothing', (path: string) => symlinkSync('nowhere', path)],
    ['a link to itself', (path: string) => symlinkSync('.awsprofile', path)],
    ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
  ])('is the nearest, even if it is %s', (_, make) => {
    const home = temporaryHome();
    home.write('.awsprofile', 'dev');
    mkdirSync(join(home.path, 'project'));
    const path = join(home.path, 'project/.awsprofile');
    make(path);
    expect(findDirectoryFile(join(home.path, 'project'))).toBe(path);
    expect(() => readDirectoryFile(path)).toThrow(DirectoryFileError);
  });

  test('is found above a removed directory; a relative working directory has none', () => {
    const home = temporaryHome();
    const file = home.write('.awsprofile', 'dev');
    expect(findDirectoryFile(join(home.path, 'gone/deeper'))).toBe(file);
    expect(findDirectoryFile(relative(process.cwd(), home.path))).toBeNull();
    expect(findDirectoryFile('bogus')).toBeNull();
    expect(findDirectoryFile('')).toBeNull();
  });
});

test.each(['plain', 'with space', 'quo\'te"s', '$(touch pwned)', '-n', 'a\nb', '%s*?[x]', 'ünïcode'])(
  'a directory called %j works like any other',
  (name) => {
    const home = temporaryHome();
    home.write(`${name}/.awsprofile`, 'dev\n');
    const path = findDirectoryFile(join(home.path, name));
    expect(readDirectoryFile(path ?? '')).toEqual({
      ...nothing,
      path: join(home.path, name, '.awsprofile'),
      realpath: join(home.path, name, '.awsprofile'),
      sha256: createHash('sha256').update('dev\n').digest('hex'),
      profile: 'dev',
    });
  },
);

describe('directoryFileText', () => {
  test.each([
    ['dev', 'dev\n'],
    ['my profile', 'profile = my profile\n'],
    ['a=b', 'profile = a=b\n'],
    ['x'.repeat(511), `${'x'.repeat(511)}\n`],
  ])('names %j', (profile, text) => {
    expect(directoryFileText(profile)).toBe(text);
    expect(parse(text).profile).toBe(profile);
  });

  test.each([['münchen'], ["it's"], ['a\nb'], [''], ['x'.repeat(512)]])('refuses %j', (profile) => {
    expect(() => directoryFileText(profile)).toThrow(UsageError);
  });
});

function errorOf(work: () => unknown): DirectoryFileError {
  try {
    work();
  } catch (error) {
    if (error instanceof DirectoryFileError) return error;
    throw error;
  }
  throw new Error('nothing was wrong');
}
