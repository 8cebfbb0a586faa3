import { Agent } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectionFault, httpRequest } from '../../src/system/index.ts';
import { loopbackServer } from '../support/loopback-server.ts';
import { selfSigned } from '../support/self-signed.ts';
import { configAt, machine } from '../support/session-runs.ts';

/** The error that the user sees after a GET from this server. */
async function faultOf(server: Server, agent: Agent = new Agent()): Promise<string> {
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return httpRequest({ url, headers: {}, agent, timeoutMs: 20_000 }).then(
    () => 'no fault',
    (error) => connectionFault(error),
  );
}

const plainHttp = () =>
  createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  });
const tls = (options: TlsOptions) => createTlsServer({ ...selfSigned, ...options });
const trusting = (options: object) =>
  new Agent({ ca: selfSigned.cert, checkServerIdentity: () => undefined, ...options });

describe('the reason why a server cannot be reached', () => {
  it.each([
    ['speaks plain http', plainHttp, undefined, 'it does not speak TLS: the port may be one for plain http'],
    ['closes', () => createServer((socket) => socket.destroy()), undefined, 'the connection broke off'],
    [
      'resets',
      () => createServer((socket) => socket.resetAndDestroy()),
      undefined,
      'the connection broke off',
    ],
    ['signs for itself', () => tls({}), undefined, 'its certificate is not signed by a trusted authority'],
    [
      'has another name',
      () => tls({}),
      new Agent({ ca: selfSigned.cert, servername: 'sts.amazonaws.com' }),
      'its certificate is for another name',
    ],
    [
      'speaks an older TLS',
      () => tls({ maxVersion: 'TLSv1.2' }),
      trusting({ minVersion: 'TLSv1.3' }),
      'no TLS connection can be made with it: tlsv1 alert protocol version',
    ],
    [
      'wants a certificate',
      () => tls({ requestCert: true, rejectUnauthorized: true }),
      trusting({}),
      'no TLS connection can be made with it: tlsv13 alert certificate required',
    ],
  ] as const)('is told of one that %s', async (_, server, agent, reason) => {
    expect(await faultOf(server(), agent)).toBe(reason);
  });

  it.each([
    ['CERT_HAS_EXPIRED', "its certificate has expired, by this machine's clock"],
    ['CERT_NOT_YET_VALID', "its certificate is not valid yet, by this machine's clock"],
    ['CERT_REVOKED', 'its certificate is not accepted (CERT_REVOKED)'],
    ['EPROTO', 'no TLS connection can be made with it'],
    ['ERR_SSL_\x1b[31m', 'no TLS connection can be made with it'],
    ['EPIPE', 'the connection broke off'],
  ])('is given for %s', (code, reason) => {
    expect(connectionFault({ code })).toBe(reason);
  });
});

describe('HTTP 429 in plain text, as front ends of AWS answer it', () => {
  it('means that AWS is busy: exit 8', async () => {
    const server = await loopbackServer((_, response) => {
      response.writeHead(429, { 'Content-Type': 'text/plain' }).end('Too Many Requests');
    });
    const key = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' };
    const call = machine({ me: key }).get({ config: configAt(server, '[profile me]'), profile: 'me' });
    await expect(call).rejects.toMatchObject({
      exitStatus: 8,
      what: expect.stringContaining('receives too many requests'),
      why: 'it answers HTTP 429; this is temporary',
      next: 'try again in a minute',
    });
  });
});
