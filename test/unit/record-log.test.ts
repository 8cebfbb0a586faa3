import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Caller, type Grant, grantText, longestLine, signInGrant } from '../../src/record/grant.ts';
import { appendLine } from '../../src/record/grant-log.ts';
import { readGrantLog, recordGrant } from '../../src/record/index.ts';
import { bundledScript } from '../support/bundled-script.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const now = Date.parse('2026-11-30T18:10:00.123Z');
const day = 86_400_000;
const grant: Grant = {
  ...signInGrant('corp'),
  verb: 'exec',
  profile: 'prod',
  account: '123456789012',
  accessKeyId: 'ASIAEXAMPLE000000001',
};
const caller: Caller = { directory: '/srv/app', terminal: 'pts/3', parent: 'zsh', command: 'terraform' };
const textAt = (time: number, more: Partial<Grant> = {}) =>
  grantText({ ...grant, ...more }, caller, { now: time, showDirectory: true });

function logFolder() {
  const folder = join(temporaryHome().path, 'state/awsh');
  const append = (time = now, more: Partial<Grant> = {}) =>
    appendLine({ folder, makesFolder: true }, textAt(time, more), time);
  const lines = () => readGrantLog(folder, {}, now);
  return { folder, path: join(folder, 'log.jsonl'), append, lines };
}

describe('the log', () => {
  it('is a private file with one JSON object for each grant', () => {
    const { folder, path, append } = logFolder();
    append();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      time: '2026-11-30T18:10:00.123Z',
      verb: 'exec',
      profile: 'prod',
      account: '123456789012',
      accessKeyId: 'ASIAEXAMPLE000000001',
      directory: '/srv/app',
      terminal: 'pts/3',
      parent: 'zsh',
      command: 'terraform',
      outcome: 'granted',
    });
  });

  it('is made private again if it was opened to others', () => {
    const { path, append } = logFolder();
    append();
    chmodSync(path, 0o644);
    append();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('has no line that one write could not contain, and no raw control character', () => {
    const long = {
      directory: `/${'dé/'.repeat(2000)}end\n\x1b[2J`,
      terminal: '',
      parent: '\x1b]0;x\x07',
      command: 'x'.repeat(9000),
    };
    const policyArns = Array.from(
      { length: 10 },
      (_, at) => `arn:aws:iam::aws:policy/${at}${'p'.repeat(2000)}`,
    );
    const text = grantText({ ...grant, policyArns, reason: '"\\'.repeat(500) }, long, {
      now,
      showDirectory: true,
    });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(longestLine);
    expect(text.slice(0, -1)).not.toMatch(/[\0-\x1f\x7f]|\\u001b/);
    expect(JSON.parse(text)).toMatchObject({
      accessKeyId: 'ASIAEXAMPLE000000001',
      directory: /end\?\?\[2J$/,
    });
  });

  it('has the same hash for the same directory with log_directories = off', () => {
    const hidden = (directory: string) =>
      JSON.parse(grantText(grant, { ...caller, directory }, { now, showDirectory: false })).directory;
    expect(hidden('/srv/app')).toMatch(/^sha256:[0-9a-f]{16}$/);
    expect(hidden('/srv/app')).toBe(hidden('/srv/app'));
    expect(hidden('/srv/app')).not.toBe(hidden('/srv/other'));
  });

  it.each(['"accessKeyId":{"a":1}', '"directory":5', '"policyArns":"all"', '"policyArns":[1]'])(
    'is read without a line of another program that has %s',
    (field) => {
      const { path, append, lines } = logFolder();
      append();
      appendFileSync(path, `{"time":"2026-11-30T18:10:00Z","verb":"exec",${field}}\n`);
      expect(lines()).toHaveLength(1);
    },
  );

  it('keeps a line with fields of a later awsh, whatever their names', () => {
    const { path, append, lines } = logFolder();
    append();
    appendFileSync(path, `{"time":"2026-11-30T18:11:00Z","verb":"exec","__proto__":{},"constructor":[1]}\n`);
    expect(lines()).toHaveLength(2);
  });

  it.each([
    ['ASIAEXAMPLE000000001', 1],
    ['ASIAEXAM', 1],
    ['0001', 1],
    ['EXAMPLE0', 0],
  ])('is searched for a key, its beginning or its end: %s', (key, count) => {
    const { folder, append } = logFolder();
    append();
    append(now, { accessKeyId: 'ASIAOTHER00000000002' });
    expect(readGrantLog(folder, { key }, now)).toHaveLength(count);
  });

  it('starts a new line after one that a full disk cut off', () => {
    const { path, append, lines } = logFolder();
    append();
    appendFileSync(path, textAt(now).slice(0, 30));
    append(now, { profile: 'after' });
    expect(lines().map(({ profile }) => profile)).toEqual(['prod', 'after']);
  });
});

describe('the log is rotated', () => {
  it('when its first line is a week old, and is still read', () => {
    const { folder, append, lines } = logFolder();
    append(now - 8 * day);
    append(now - day);
    append(now);
    expect(readdirSync(folder).filter((name) => name !== 'log.jsonl')).toHaveLength(1);
    expect(lines()).toHaveLength(3);
  });

  it('when it is full', () => {
    const { folder, path, append, lines } = logFolder();
    append();
    appendFileSync(path, textAt(now).repeat(Math.ceil((4 << 20) / textAt(now).length)));
    append();
    expect(existsSync(path)).toBe(false);
    append(now, { profile: 'next' });
    expect(lines().at(-1)?.profile).toBe('next');
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('and removed after 90 days', () => {
    const { folder, append, lines } = logFolder();
    append(now - 100 * day);
    append(now - 91 * day);
    const [aside = ''] = readdirSync(folder);
    utimesSync(join(folder, aside), (now - 91 * day) / 1000, (now - 91 * day) / 1000);
    append();
    expect(lines().map(({ time }) => time)).toEqual(['2026-11-30T18:10:00.123Z']);
  });
});

describe('old files of the log', () => {
  it('are removed, the oldest first, if they have more than 32 MiB in all', () => {
    const { folder, append } = logFolder();
    append(now - 8 * day);
    const name = (number: number) => `log-${now - 9 * day + number}-1-1.jsonl`;
    for (let number = 0; number < 10; number++) {
      writeFileSync(join(folder, name(number)), '');
      truncateSync(join(folder, name(number)), 4 << 20);
    }
    append(now);
    const left = readdirSync(folder).filter((each) => each !== 'log.jsonl');
    expect(left.filter((each) => each.endsWith('-1-1.jsonl'))).toEqual([3, 4, 5, 6, 7, 8, 9].map(name));
    expect(left).toHaveLength(8);
  });
});

describe('a log that cannot be written', () => {
  const recorderOf = (state: string, log: 'on' | 'required') => ({
    paths: { state },
    clock: { now: () => now },
    settings: { log, logDirectories: true, logTo: 'file' as const, protected: ['prod*'] },
  });
  const broken: [string, (path: string) => void][] = [
    ['a FIFO', (path) => void spawnSync('mkfifo', [path])],
    ['a link', (path) => symlinkSync('/dev/null', path)],
    [
      'a link to a file of the same user',
      (path) => {
        writeFileSync(`${path}.other`, '', { mode: 0o600 });
        symlinkSync(`${path}.other`, path);
      },
    ],
    ['a folder', (path) => mkdirSync(path)],
    ['a device', (path) => void spawnSync('mknod', [path, 'c', '1', '3'])],
  ];

  it.each(broken)('because %s is in its place blocks nothing', (_, put) => {
    const { folder, path } = logFolder();
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    put(path);
    recordGrant(recorderOf(folder, 'on'), grant, caller);
    expect(() => recordGrant(recorderOf(folder, 'required'), grant, caller)).toThrow(
      /the log cannot be written/,
    );
    recordGrant(recorderOf(folder, 'required'), { ...grant, profile: 'dev' }, caller);
    // Nothing is given, so the refusal keeps its own error.
    recordGrant(recorderOf(folder, 'required'), { ...grant, refused: 'coding agent' }, caller);
  });

  it.skipIf(process.getuid?.() !== 0)('because it belongs to another user blocks nothing', () => {
    const { folder, path } = logFolder();
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(path, '', { mode: 0o666 });
    spawnSync('chown', ['65534', path]);
    recordGrant(recorderOf(folder, 'on'), grant, caller);
    expect(statSync(path).size).toBe(0);
    expect(() => recordGrant(recorderOf(folder, 'required'), grant, caller)).toThrow();
  });
});

describe('many processes', () => {
  it('lose no line while the file is rotated', { timeout: 60_000 }, async () => {
    const { folder, append } = logFolder();
    append(now - 8 * day);
    const script = bundledScript(
      temporaryHome(),
      `import { appendLine } from './src/record/grant-log.ts';
       const [folder, name] = process.argv.slice(2);
       for (let at = 0; at < 200; at++) {
         // So old that the file is put aside after each line.
         const time = new Date(Date.now() - 8 * 86400000).toISOString();
         appendLine({ folder, makesFolder: true }, JSON.stringify({ time, verb: 'load', profile: name + at }) + '\\n', Date.now());
       }`,
    );
    const writers = Array.from({ length: 8 }, (_, at) => spawn(process.execPath, [script, folder, `${at}-`]));
    await Promise.all(writers.map((child) => new Promise((resolve) => child.once('close', resolve))));
    const names = new Set(readGrantLog(folder, {}, now).map(({ profile }) => profile));
    expect(names.size).toBe(8 * 200 + 1);
    expect(readdirSync(folder).length).toBeGreaterThan(100);
  });
});
