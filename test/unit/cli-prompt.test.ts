import { describe, expect, it } from 'vitest';
import { segmentOf } from '../../src/commands/prompt-segment.ts';
import { runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const now = 1_800_000_000;
const uid = process.getuid?.();
const loaded = {
  AWSH_LOADED: `1 dir ${uid} dev /p/.awsprofile`,
  AWSH_SAVED: 'key dev\nnow AWS_ACCESS_KEY_ID ASIADEV',
  AWS_ACCESS_KEY_ID: 'ASIADEV',
  AWSH_EXPIRES: String(now + 42 * 60 + 10),
  AWSH_SEGMENT: 'dev 50m',
};

describe('the segment, from the environment', () => {
  it.each([
    ['nothing', {}, null],
    ['a profile', loaded, ['dev 42m', 'green']],
    ['hours', { ...loaded, AWSH_EXPIRES: String(now + 3900) }, ['dev 1h05m', 'green']],
    ['under a quarter of an hour', { ...loaded, AWSH_EXPIRES: String(now + 899) }, ['dev 14m', 'yellow']],
    ['under five minutes', { ...loaded, AWSH_EXPIRES: String(now + 59) }, ['dev 59s', 'red']],
    ['the end', { ...loaded, AWSH_EXPIRES: String(now) }, ['expired', 'red']],
    ['keys that do not expire', { ...loaded, AWSH_EXPIRES: '' }, ['dev', 'green']],
    ['what is no number', { ...loaded, AWSH_EXPIRES: 'a[$(x)]' }, ['dev', 'green']],
    [
      'a protected profile',
      { ...loaded, AWSH_SAVED: `${loaded.AWSH_SAVED}\nprotected 1` },
      ['dev 42m', 'red'],
    ],
    ['a pinned one', { ...loaded, AWSH_LOADED: `1 pin ${uid} my%20dev -` }, ['my dev 42m', 'green']],
    [
      'a time box',
      { ...loaded, AWSH_LOADED: `1 pin ${uid} my%20dev%2015m@tk3b9c -` },
      ['my dev 42m', 'green'],
    ],
    ['another AWS_PROFILE', { ...loaded, AWS_PROFILE: 'prod' }, ['overridden', 'yellow']],
    ['another tool’s directory', { AWSH_LOADED: `1 overridden ${uid} - /p` }, ['overridden', 'yellow']],
    ['another key', { ...loaded, AWS_ACCESS_KEY_ID: 'ASIAOTHER' }, ['overridden', 'yellow']],
    [
      'a blocked shell',
      {
        AWSH_LOADED: `1 blocked ${uid} - /p/.awsprofile`,
        AWS_PROFILE: 'awsh-blocked',
        AWSH_SEGMENT: 'needs MFA',
      },
      ['needs MFA', 'red'],
    ],
    ['a file that is not allowed', { AWSH_SEGMENT: 'not allowed' }, ['not allowed', 'red']],
    ['awsh off', { AWSH_LOADED: `1 off ${uid} - -`, AWSH_SEGMENT: 'dev 50m' }, null],
    ['another user’s shell', { ...loaded, AWSH_LOADED: '1 dir 4711 dev /p', AWSH_SEGMENT: '' }, null],
    [
      'awsh exec',
      { AWS_VAULT: 'prod', AWS_CREDENTIAL_EXPIRATION: '2027-01-15T08:10:00Z' },
      ['prod 10m', 'yellow'],
    ],
    [
      'awsh exec --for',
      { AWS_VAULT: 'prod ro 15m@tk3b9c', AWS_CREDENTIAL_EXPIRATION: '2027-01-15T08:10:00Z' },
      ['prod ro 10m', 'yellow'],
    ],
    [
      'a name that is code somewhere',
      { ...loaded, AWSH_LOADED: `1 pin ${uid} $(x)%0A%n#[x]\x1b -` },
      ['??x???n??x?? 42m', 'green'],
    ],
    [
      'a long name',
      { ...loaded, AWSH_LOADED: `1 pin ${uid} ${'x'.repeat(60)} -` },
      [`${'x'.repeat(36)} 42m`, 'green'],
    ],
  ] as const)('%s', (_, environment, expected) => {
    const segment = segmentOf(environment, now);
    expect(segment && [segment.text, segment.colour]).toEqual(expected);
  });
});

describe('awsh prompt', () => {
  const environment = { ...loaded, AWSH_EXPIRES: '999999999999' };
  const of = (args: string[], more: Record<string, string> = {}) =>
    runHere(['prompt', ...args], { ...temporaryHome().environment, ...environment, ...more });

  it.each([
    [[], /^dev \d+h\d\dm\n$/],
    [['--shell', 'bash'], /^\x01\x1b\[32m\x02dev \d+h\d\dm\x01\x1b\[0m\x02\n$/],
    [['--shell', 'zsh'], /^%F\{green\}dev \d+h\d\dm%f\n$/],
    [['--shell', 'fish'], /^\x1b\[32mdev \d+h\d\dm\x1b\[0m\n$/],
    [['--shell', 'tmux'], /^#\[fg=green\]dev \d+h\d\dm#\[default\]\n$/],
  ])('%j', async (args, expected) => {
    expect((await of(args)).out).toMatch(expected);
    expect((await of(args, { NO_COLOR: '1' })).out).toMatch(/^dev \d+h\d\dm\n$/);
  });

  it('prints nothing if nothing is loaded', async () => {
    expect(await runHere(['prompt'], temporaryHome().environment)).toEqual({ status: 0, out: '', err: '' });
  });
});
