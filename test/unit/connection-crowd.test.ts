import { once } from 'node:events';
import { connect, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSocketServer } from '../../src/serving/index.ts';
import { listenForCallback } from '../../src/sign-in/callback-listener.ts';
import { Secret } from '../../src/system/index.ts';
import { askSocket } from '../support/grants.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const token = 'a'.repeat(64);
const halfRequest = 'GET /credentials HTTP/1.1\r\nHost: localhost\r\n';
const credentials = {
  accessKeyId: 'ASIATEST',
  secretAccessKey: new Secret('x'),
  sessionToken: null,
  expiration: null,
  accountId: null,
  arn: null,
};

/** Opens this number of connections that send half a request and wait. They end with the test. */
async function crowd(open: () => Socket, count: number): Promise<void> {
  const sockets: Socket[] = [];
  onTestFinished(() => sockets.forEach((socket) => void socket.destroy()));
  while (sockets.length < count) {
    const socket = open().on('error', () => {});
    sockets.push(socket);
    socket.write(halfRequest);
    await once(socket, 'connect');
    // The queue of a listening socket is limited: the server accepts this one first.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function socketServer(get: () => Promise<typeof credentials>): Promise<string> {
  const path = join(temporaryHome().path, 'sock');
  const grant = { token: new Secret(token), holds: () => true, clock: { now: Date.now }, credentials: get };
  const server: Server = await startSocketServer(grant, path);
  onTestFinished(() => void server.close());
  return path;
}

function signal() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}

const headers = { Host: 'localhost', Authorization: token };

describe('many half-sent requests', () => {
  it('does not keep out a request with the token', async () => {
    const path = await socketServer(async () => credentials);
    await crowd(() => connect(path), 600);
    expect(await askSocket(path, headers)).toMatchObject({ status: 200 });
  });

  it('does not cut off a request that has shown the token and waits for AWS', async () => {
    const [asked, answered] = [signal(), signal()];
    const path = await socketServer(async () => {
      asked.resolve();
      await answered.promise;
      return credentials;
    });
    const answer = askSocket(path, headers);
    await asked.promise;
    await crowd(() => connect(path), 600);
    answered.resolve();
    expect(await answer).toMatchObject({ status: 200 });
  });

  it('does not keep the browser out of a sign-in', async () => {
    const listener = await listenForCallback(new Secret('state'));
    onTestFinished(() => listener.close());
    const port = Number(new URL(listener.redirectUri).port);
    await crowd(() => connect(port, '127.0.0.1'), 900);
    const answer = await fetch(`${listener.redirectUri}?state=state&code=abc`);
    expect(answer.status).toBe(200);
    expect(await listener.arrived).toMatchObject({ code: expect.anything() });
  });
});
