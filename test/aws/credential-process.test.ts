import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AwshError } from '../../src/system/index.ts';
import { processJson, script } from '../support/command-files.ts';
import { temporaryEmulator } from '../support/emulator.ts';
import { configAt, machine, nobody, person, shown } from '../support/session-runs.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const canary = 'CANARY-of-the-process';

function setting(body: string) {
  const home = temporaryHome();
  const path = script(home.path, 'bin/creds', `echo run >> ${home.path}/runs\n${body}`);
  const own = machine({}, nobody());
  const surroundings = { PATH: '/usr/bin:/bin', HOME: home.path };
  const runs = () =>
    existsSync(join(home.path, 'runs'))
      ? readFileSync(join(home.path, 'runs'), 'utf8').split('\n').length - 1
      : 0;
  const get = (command = path, changes = {}) =>
    own.get({ config: `[profile dev]\ncredential_process = ${command}` }, { surroundings, ...changes });
  return { home, path, get, runs, own, surroundings };
}

const printing = (json: string) => `cat <<'END'\n${json}\nEND`;

async function errorOf(work: Promise<unknown>): Promise<AwshError> {
  const error = await work.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof AwshError) return error;
  throw error;
}

describe('credential_process', () => {
  it('gives its output, and is not run again while that is valid', async () => {
    const { get, runs } = setting(printing(processJson()));
    const first = await get();
    expect(first).toMatchObject({ accessKeyId: 'ASIAPROCESS000000000', accountId: null });
    expect(first.secretAccessKey.reveal()).toBe('process-secret');
    expect(await get()).toEqual(first);
    expect(runs()).toBe(1);
  });

  it.each([
    ['has less left than a session must', { Expiration: new Date(Date.now() + 120_000).toISOString() }],
    ['does not end', { Expiration: undefined }],
    [
      'is a key of the long-term kind',
      { SessionToken: undefined, Expiration: undefined, AccessKeyId: 'AKIAPROCESS000000000' },
    ],
  ])('is run again if its output %s', async (_, changes) => {
    const { get, runs } = setting(printing(processJson(changes)));
    await get();
    await get();
    expect(runs()).toBe(2);
  });

  it('is run once for twenty commands at the same time', async () => {
    const { get, runs } = setting(`sleep 0.3\n${printing(processJson())}`);
    const all = await Promise.all(Array.from({ length: 20 }, () => get()));
    expect(new Set(all.map(({ accessKeyId }) => accessKeyId)).size).toBe(1);
    expect(runs()).toBe(1);
  });

  it('signs AssumeRole', async () => {
    const emulator = await temporaryEmulator();
    const jane = emulator.addUser({ account: '111122223333', name: 'jane' });
    const { arn } = emulator.addRole({ account: '444455556666', name: 'Dev' });
    const keys = {
      AccessKeyId: jane.accessKeyId,
      SecretAccessKey: jane.secretAccessKey,
      SessionToken: undefined,
      Expiration: undefined,
    };
    const { path, own, surroundings } = setting(printing(processJson(keys)));
    const config = configAt(emulator, `[profile dev]\nrole_arn = ${arn}\ncredential_process = ${path}`);
    expect(await own.get({ config }, { surroundings })).toMatchObject({ accountId: '444455556666' });
    expect(emulator.calls[0]).toMatchObject({ action: 'AssumeRole', caller: jane.arn });
  });

  it('is parsed with quotes as in a shell, without one', async () => {
    const { home, get } = setting('');
    const path = script(
      home.path,
      'My Tools/creds',
      `[ "$1" = 'a b' ] || exit 9\n${printing(processJson())}`,
    );
    expect(await get(`"${path}" 'a b'`)).toMatchObject({ accessKeyId: 'ASIAPROCESS000000000' });
  });

  it('runs in a shell if it needs one, and in the home directory', async () => {
    const { home, get } = setting('');
    script(home.path, 'tools/creds', printing(processJson()));
    expect(await get('~/tools/creds | cat')).toMatchObject({ accessKeyId: 'ASIAPROCESS000000000' });
    expect(await get('cd tools && ./creds')).toMatchObject({ accessKeyId: 'ASIAPROCESS000000000' });
  });
});

/** Each row: what the program does, and the expected error. */
const faults: [name: string, body: string, word: string][] = [
  ['fails', `echo ${canary}; echo ${canary} >&2; exit 3`, 'status 3'],
  ['is killed', 'kill -9 $$', 'SIGKILL'],
  ['prints nothing', '', 'not a JSON object'],
  ['prints no JSON', `echo ${canary}`, 'not a JSON object'],
  ['prints an array', `echo '["${canary}"]'`, 'not a JSON object'],
  ['prints two objects', printing(`${processJson()}${processJson()}`), 'not a JSON object'],
  ['has another version', printing(processJson({ Version: 2, Note: canary })), '"Version": 1'],
  ['has its version in quotes', printing(processJson({ Version: '1' })), '"Version": 1'],
  ['has no key', printing(processJson({ AccessKeyId: undefined })), 'AccessKeyId'],
  [
    'has a key with a line break',
    printing(processJson({ AccessKeyId: `ASIAPROCESS000000000\n${canary}` })),
    'AccessKeyId',
  ],
  ['has no secret', printing(processJson({ SecretAccessKey: 7 })), 'SecretAccessKey'],
  [
    'has a token of control bytes',
    printing(processJson({ SessionToken: `a\u001b[31m${canary}` })),
    'SessionToken',
  ],
  ['ended yesterday', printing(processJson({ Expiration: '2020-01-01T00:00:00Z' })), 'already expired'],
  ['ends at some local time', printing(processJson({ Expiration: '2036-01-01T00:00:00' })), 'Expiration'],
  [
    'prints without end',
    'while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done',
    'more than',
  ],
];

describe('a credential_process that', () => {
  it.each(faults)('%s: exit 4 with the reason, and nothing of its output', async (_, body, word) => {
    const { get, own } = setting(body);
    const error = await errorOf(get());
    expect(error.exitStatus).toBe(4);
    expect(shown(error)).toContain(word);
    expect(shown(error)).toContain('/home/me/.aws/config:2');
    expect(shown(error)).not.toContain(canary);
    expect(own.vault.sessions()).toEqual([]);
  });

  it('does not exist is named', async () => {
    const error = await errorOf(setting('').get('no-such-program --x'));
    expect(shown(error)).toContain('no program "no-such-program"');
  });

  it('leaves a process running is not waited for', async () => {
    const { get } = setting(`sleep 200 &\n${printing(processJson())}`);
    await get();
  });
});

describe('a renewal by the clock', () => {
  it('starts no program', async () => {
    const { get, runs } = setting(printing(processJson()));
    const error = await errorOf(get(undefined, { runsCommands: false }));
    expect(error.exitStatus).toBe(6);
    expect(runs()).toBe(0);
  });

  it('uses its earlier output', async () => {
    const { get } = setting(printing(processJson()));
    await get();
    expect(await get(undefined, { runsCommands: false })).toMatchObject({
      accessKeyId: 'ASIAPROCESS000000000',
    });
  });
});

describe('a cycle', () => {
  it('of a command that asks for its own profile ends at once, with the path', async () => {
    const { own, surroundings } = setting('');
    const config =
      '[profile dev]\ncredential_process = /bin/awsh export base\n[profile base]\ncredential_process = /bin/awsh export dev';
    const inside = { surroundings: { ...surroundings, AWSH_PROCESS_OF: 'dev base' } };
    const error = await errorOf(own.get({ config }, inside));
    expect(error.exitStatus).toBe(2);
    expect(shown(error)).toContain('dev -> base -> dev');
  });

  it('is recognised by the variable that each command gets', async () => {
    const { home, get, surroundings } = setting(
      `echo "$AWSH_PROCESS_OF" > "$HOME/inside"\n${printing(processJson())}`,
    );
    await get(undefined, { surroundings: { ...surroundings, AWSH_PROCESS_OF: 'my%20other' } });
    expect(readFileSync(join(home.path, 'inside'), 'utf8')).toBe('my%20other dev\n');
  });
});

it('stderr is shown if there is a terminal', async () => {
  const { get } = setting(printing(processJson()));
  expect(await get(undefined, { prompter: person('123456') })).toMatchObject({
    accessKeyId: 'ASIAPROCESS000000000',
  });
});
