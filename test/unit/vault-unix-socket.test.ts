import { once } from 'node:events';
import * as net from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openPipe } from '../../src/vault/pipe-binding.ts';
import { openNetSocket, openUnixSocket, type UnixSocketEvents } from '../../src/vault/unix-socket.ts';
import { temporaryHome } from '../support/temporary-home.ts';

/** A server on this socket, and what it received. */
async function server(path: string, behave: (socket: net.Socket) => void = () => {}) {
  const sockets: net.Socket[] = [];
  let heard = Buffer.alloc(0);
  const listening = net.createServer((socket) => {
    sockets.push(socket);
    socket.on('data', (bytes) => {
      heard = Buffer.concat([heard, bytes]);
    });
    socket.on('error', () => {});
    behave(socket);
  });
  listening.listen({ path });
  await once(listening, 'listening');
  onTestFinished(() => {
    listening.close();
    for (const socket of sockets) socket.destroy();
  });
  return { heard: () => heard, sockets };
}

function follow() {
  const seen = { connected: 0, received: Buffer.alloc(0), ended: [] as Error[] };
  const events: UnixSocketEvents = {
    connected: () => {
      seen.connected += 1;
    },
    received: (bytes) => {
      seen.received = Buffer.concat([seen.received, bytes]);
    },
    ended: (error) => seen.ended.push(error),
  };
  return { seen, events };
}

const ways = { 'below node:net': openPipe, 'by node:net': openNetSocket };
const isTried = ['20', '22', '24'].includes(process.versions.node.split('.')[0] ?? '');

describe.each(Object.entries(ways))('a socket %s', (way, open) => {
  const opened = async (path: string) => {
    const { seen, events } = follow();
    const socket = open(path, events);
    if (socket === null) throw new Error('not to be had in this Node');
    onTestFinished(() => socket.close());
    return { socket, seen };
  };
  const isMissing = way === 'below node:net' && !isTried;
  const itIf = it.skipIf(isMissing);

  itIf('carries bytes both ways, many and few, in their order', async () => {
    const path = join(temporaryHome().path, 's');
    const many = Buffer.from(Array.from({ length: 1_000_000 }, (_, at) => at % 251));
    const { heard } = await server(path, (socket) => socket.write(many));
    const { socket, seen } = await opened(path);
    await expect.poll(() => seen.connected).toBe(1);
    socket.write(Buffer.from('a'));
    socket.write(many);
    socket.write(Buffer.from('z'));
    await expect.poll(() => heard().length).toBe(many.length + 2);
    expect(heard().equals(Buffer.concat([Buffer.from('a'), many, Buffer.from('z')]))).toBe(true);
    await expect.poll(() => seen.received.length).toBe(many.length);
    expect(seen.received.equals(many)).toBe(true);
    expect(seen).toMatchObject({ connected: 1, ended: [] });
  });

  it.skipIf(isMissing || process.platform !== 'linux')('finds an abstract name', async () => {
    const path = `\0awsh-test-${process.pid}-${way.length}`;
    await server(path, (socket) => socket.write('hello'));
    const { seen } = await opened(path);
    await expect.poll(() => seen.received.toString()).toBe('hello');
  });

  itIf('says what the system says where nobody is there', async () => {
    const { path, write } = temporaryHome();
    write('file', '');
    for (const [name, code] of [
      ['nothing', 'ENOENT'],
      ['file', 'ECONNREFUSED'],
      ['file/socket', 'ENOTDIR'],
    ] as const) {
      const { seen } = await opened(join(path, name));
      await expect.poll(() => seen.ended).toMatchObject([{ code }]);
      expect(seen.connected).toBe(0);
    }
  });

  itIf('says once that the other side has hung up, and takes what is written then', async () => {
    const path = join(temporaryHome().path, 's');
    await server(path, (socket) => socket.end('last'));
    const { socket, seen } = await opened(path);
    await expect.poll(() => seen.ended.length).toBe(1);
    expect(seen.received.toString()).toBe('last');
    expect(seen.ended[0]).not.toHaveProperty('code');
    socket.write(Buffer.from('too late'));
    socket.close();
    await sleep(50);
    expect(seen.ended).toHaveLength(1);
  });

  itIf('says nothing more once it is closed, and the other side learns of it', async () => {
    const path = join(temporaryHome().path, 's');
    const { sockets } = await server(path);
    const { socket, seen } = await opened(path);
    await expect.poll(() => sockets.length).toBe(1);
    const [other] = sockets as [net.Socket];
    other.resume();
    const left = once(other, 'end');
    socket.close();
    socket.close();
    await left;
    other.end('nobody hears this');
    await sleep(50);
    expect(seen).toMatchObject({ ended: [], received: Buffer.alloc(0) });
  });
});

describe('the bindings below node:net', () => {
  it.runIf(isTried)('are used in tested versions', () => {
    const socket = openPipe('/nowhere', follow().events);
    expect(socket).not.toBeNull();
    socket?.close();
  });

  it('are not used in an untested version of Node', () => {
    const { node } = process.versions;
    onTestFinished(() => void Object.defineProperty(process.versions, 'node', { value: node }));
    Object.defineProperty(process.versions, 'node', { value: '99.0.0', configurable: true });
    expect(openPipe('/nowhere', follow().events)).toBeNull();
    expect(openUnixSocket('/nowhere', follow().events)).not.toBeNull();
  });

  it('are not used if Node would warn about it', async () => {
    process.env.NODE_PENDING_DEPRECATION = '1';
    onTestFinished(() => void delete process.env.NODE_PENDING_DEPRECATION);
    expect(openPipe('/nowhere', follow().events)).toBeNull();
  });
});
