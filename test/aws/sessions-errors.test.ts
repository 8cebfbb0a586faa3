import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Fault } from '../../src/demo/emulator/index.ts';
import { AwshError } from '../../src/system/index.ts';
import { temporaryEmulator } from '../support/emulator.ts';
import { configAt, machine, person, shown } from '../support/session-runs.ts';

const roleArn = 'arn:aws:iam::444455556666:role/Dev';
const config = (url: string, ...more: string[]) =>
  configAt({ url }, `[profile dev]\nrole_arn = ${roleArn}\nsource_profile = me`, ...more, '[profile me]');

async function setting(trust = {}) {
  const emulator = await temporaryEmulator();
  const jane = emulator.addUser({ account: '111122223333', name: 'jane', mfa: true });
  emulator.addRole({ account: '444455556666', name: 'Dev', trust });
  return { emulator, jane };
}

async function errorOf(work: Promise<unknown>): Promise<AwshError> {
  const error = await work.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof AwshError) return error;
  throw error;
}

/** Each row: AWS's answer to AssumeRole, the exit status, and the expected text of the error. */
const refusals: [name: string, fault: Fault, status: number, words: string[]][] = [
  [
    'a deleted key',
    {
      kind: 'error',
      code: 'InvalidClientTokenId',
      message: 'The security token included in the request is invalid.',
    },
    8,
    ['does not know', '"me"', 'awsh add'],
  ],
  [
    'an ended session',
    { kind: 'error', code: 'ExpiredToken', message: 'expired' },
    8,
    ['has ended', 'try again'],
  ],
  ['throttling', { kind: 'throttle' }, 8, ['too many requests']],
  [
    'more time than the role gives',
    {
      kind: 'error',
      code: 'ValidationError',
      status: 400,
      message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    },
    8,
    ['1h00m', roleArn, 'maximum', 'duration_seconds'],
  ],
  [
    'role chaining',
    {
      kind: 'error',
      code: 'ValidationError',
      status: 400,
      message:
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    },
    8,
    ['1h at most'],
  ],
  [
    'a clock that stays wrong',
    { kind: 'error', code: 'RequestTimeTooSkewed', message: 'Signature expired' },
    8,
    ['clock'],
  ],
  [
    'what we do not know',
    { kind: 'error', code: 'SomethingNew', message: 'too new' },
    8,
    ['SomethingNew', 'too new', 'AssumeRole'],
  ],
  [
    'a broken AWS',
    { kind: 'error', code: 'InternalFailure', status: 500, message: 'oops' },
    8,
    ['InternalFailure'],
  ],
  [
    'a page of some hotel',
    { kind: 'reply', body: '<html>Welcome</html>', contentType: 'text/html' },
    9,
    ['no usable credentials'],
  ],
  [
    'a page of some proxy',
    { kind: 'reply', status: 407, body: '<html>no</html>', contentType: 'text/html' },
    9,
    ['407'],
  ],
];

describe('errors of AWS, explained', () => {
  it.each(refusals)('%s', async (_, fault, status, words) => {
    const { emulator, jane } = await setting();
    emulator.misbehave(fault);
    const error = await errorOf(machine({ me: jane }).get({ config: config(emulator.url) }));
    for (const word of words) expect(shown(error)).toContain(word);
    expect(error.exitStatus).toBe(status);
  });

  it('AccessDenied: the caller, the role, the line, and that no MFA code was sent', async () => {
    const { emulator, jane } = await setting({ mfaRequired: true });
    const plan = { config: config(emulator.url) };
    const error = await errorOf(machine({ me: jane }).get(plan));
    expect(error.exitStatus).toBe(8);
    for (const word of [jane.arn, roleArn, '/home/me/.aws/config:5', 'no MFA code was sent', 'mfa_serial']) {
      expect(shown(error)).toContain(word);
    }
  });

  it('AccessDenied with MFA: the error tells that a code was sent', async () => {
    const { emulator, jane } = await setting({ principals: ['999999999999'] });
    const plan = { config: config(emulator.url, `mfa_serial = ${jane.mfaSerial}`) };
    const error = await errorOf(machine({ me: jane }, person(jane.code)).get(plan));
    expect(shown(error)).toContain('an MFA code was sent');
  });

  it('another user’s device is not asked about again', async () => {
    const { emulator, jane } = await setting();
    const asks = person('123456', '234567');
    const plan = { config: config(emulator.url, 'mfa_serial = arn:aws:iam::111122223333:mfa/john') };
    const error = await errorOf(machine({ me: jane }, asks).get(plan));
    expect(error.exitStatus).toBe(7);
    expect(shown(error)).toContain('mfa/john');
    expect(asks.asked).toHaveLength(1);
  });

  it('a wrong secret', async () => {
    const { emulator, jane } = await setting();
    const { get } = machine({ me: { ...jane, secretAccessKey: 'not-it' } });
    const error = await errorOf(get({ config: config(emulator.url) }));
    expect(error.exitStatus).toBe(8);
    expect(shown(error)).toContain('does not belong to this key');
    expect(shown(error)).not.toContain('not-it');
  });
});

describe('temporary problems', () => {
  it.each([
    ['throttling', { kind: 'throttle', times: 2 }],
    ['a broken connection', { kind: 'refuse', times: 2 }],
    ['a 503', { kind: 'error', code: 'ServiceUnavailable', message: '', status: 503, times: 2 }],
    ['a slow answer', { kind: 'slow', milliseconds: 1000, times: 1 }],
  ] satisfies [string, Fault][])('%s is waited out', async (_, fault) => {
    const { emulator, jane } = await setting();
    emulator.misbehave(fault);
    expect(await machine({ me: jane }).get({ config: config(emulator.url) })).toMatchObject({
      accountId: '444455556666',
    });
  });

  it.each([
    ['behind', 3600_000],
    ['ahead of', -3600_000],
  ])(
    'a clock an hour %s AWS’s still gets a session, with the right end in local time',
    async (word, offset) => {
      const { emulator, jane } = await setting();
      emulator.cloud.clockOffset = offset;
      const { get, said } = machine({ me: jane });
      const { expiration } = await get({ config: config(emulator.url) });
      expect(Math.abs((expiration?.getTime() ?? 0) - Date.now() - 3600_000)).toBeLessThan(60_000);
      expect(said.join()).toContain(`1h00m ${word} AWS`);
      await get({ config: config(emulator.url) });
      expect(emulator.actions.filter((action) => action === 'AssumeRole')).toHaveLength(2);
    },
  );
});

/** Each row: an address that does not answer like AWS, and the expected error. */
const unreachable: [name: string, address: () => Promise<string>, word: string][] = [
  ['a refused port', async () => `http://127.0.0.1:${await closedPort()}`, 'refused'],
  ['a black hole', async () => `http://127.0.0.1:${await listening(() => {})}`, 'no answer in time'],
  [
    'a connection that ends at once',
    async () => `http://127.0.0.1:${await listening((socket) => socket.destroy())}`,
    'broke off',
  ],
  [
    'a drip of bytes',
    async () => `http://127.0.0.1:${await listening((socket) => drip(socket))}`,
    'no answer in time',
  ],
];

describe('an unavailable network', () => {
  it.each(unreachable)('%s: exit 9, one line', async (_, address, word) => {
    const { jane } = await setting();
    const url = await address();
    const error = await errorOf(machine({ me: jane }).get({ config: config(url) }));
    expect(error.exitStatus).toBe(9);
    expect(error.what).toBe(`cannot reach ${new URL(url).host}`);
    expect(error.why).toContain(word);
  });
});

async function listening(accept: (socket: import('node:net').Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    accept(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return portOf(server);
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Headers at once, then a byte now and then, with no long pause. */
function drip(socket: import('node:net').Socket): void {
  socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n');
  const timer = setInterval(() => socket.write('1\r\nx\r\n'), 100);
  socket.on('close', () => clearInterval(timer));
}
