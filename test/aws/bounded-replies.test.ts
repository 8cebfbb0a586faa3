import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { callIam } from '../../src/sessions/index.ts';
import { callSts } from '../../src/sessions/sts-client.ts';
import { AwshError, Secret } from '../../src/system/index.ts';
import { loopbackServer } from '../support/loopback-server.ts';
import { configAt, machine } from '../support/session-runs.ts';

const key = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: new Secret('secret'),
  sessionToken: null,
  expiration: null,
  accountId: null,
  arn: null,
};

const stored = { accessKeyId: key.accessKeyId, secretAccessKey: 'secret' };

/** Writes until the client disconnects; `sent` counts the bytes. */
function flooding(sent: { bytes: number; cut: boolean }, mostBytes = 50 * 1024 * 1024) {
  return (_: unknown, response: ServerResponse) => {
    response.on('close', () => {
      sent.cut = sent.bytes < mostBytes;
    });
    response.writeHead(200, { 'Content-Type': 'text/xml' });
    const piece = Buffer.alloc(64 * 1024, '<a>');
    const write = () => {
      while (sent.bytes < mostBytes && !response.destroyed) {
        sent.bytes += piece.length;
        if (!response.write(piece)) return response.once('drain', write);
      }
      return response.end();
    };
    write();
  };
}

const targetAt = (url: string) => ({ region: 'eu-west-1', endpoint: url });

describe('an endless reply of STS or IAM', () => {
  it.each(['STS', 'IAM'])(
    '%s: is cut off, and the error says that it is not a reply of AWS',
    async (service) => {
      const sent = { bytes: 0, cut: false };
      const server = await loopbackServer(flooding(sent));
      const caller = { credentials: key, target: targetAt(server.url) };
      const call =
        service === 'STS'
          ? machine({ me: stored }).get({ config: configAt(server, '[profile me]'), profile: 'me' })
          : callIam('ListAccessKeys', {}, caller);
      const error: unknown = await call.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(AwshError);
      expect(error).toMatchObject({ exitStatus: 9, why: expect.stringContaining('far too long') });
      await expect.poll(() => sent.cut).toBe(true);
      expect(server.received).toHaveLength(1);
    },
  );

  it('that comes byte by byte ends with the time limit of the call', async () => {
    const server = await loopbackServer((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/xml' });
      const timer = setInterval(() => response.write('<'), 50);
      response.on('close', () => clearInterval(timer));
    });
    const caller = { credentials: key, target: targetAt(server.url), connection: { timeoutMs: 500 } };
    await expect(callSts('GetCallerIdentity', {}, caller)).rejects.toMatchObject({ timedOut: true });
  });
});

describe('a temporary fault of AWS', () => {
  it.each([
    [500, 'InternalFailure'],
    [503, 'ServiceUnavailable'],
    [400, 'Throttling'],
    [429, 'TooManyRequestsException'],
  ])('HTTP %d, %s: the error tells that it will pass', async (status, code) => {
    const body = `<ErrorResponse><Error><Type>Receiver</Type><Code>${code}</Code><Message>oops</Message></Error></ErrorResponse>`;
    const server = await loopbackServer((_, response) => {
      response.writeHead(status, { 'Content-Type': 'text/xml' }).end(body);
    });
    const call = machine({ me: stored }).get({ config: configAt(server, '[profile me]'), profile: 'me' });
    await expect(call).rejects.toMatchObject({
      exitStatus: 8,
      why: expect.stringContaining('is temporary'),
      next: 'try again in a minute',
    });
  });
});
