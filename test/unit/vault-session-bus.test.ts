import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { decodeMessage } from '../../src/vault/bus-message.ts';
import { BusError, SessionBus } from '../../src/vault/session-bus.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const [reply, error, signal] = [2, 3, 4];

/** A message of the bus whose only header field is the serial number of the answered call. */
function message(type: number, replySerial: number, body = Buffer.alloc(0)): Buffer {
  const head = Buffer.from([108, type, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 5, 1, 117, 0, 0, 0, 0, 0]);
  head.writeUInt32LE(body.length, 4);
  head.writeUInt32LE(replySerial, 20);
  return Buffer.concat([head, body]);
}

/** A connection to a bus that sends this as soon as it is asked. The call has the serial number 2. */
async function callTo(answer: Buffer, ends = false) {
  const path = join(temporaryHome().path, 'bus');
  const server = createServer((socket) => {
    socket.once('data', () => (ends ? socket.end(answer) : socket.write(answer)));
    socket.on('error', () => {});
  });
  server.listen(path);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const bus = new SessionBus(path, 60_000);
  onTestFinished(() => bus.close());
  return bus.call({ destination: 'a.b', path: '/', interface: 'a.b', member: 'Get', arguments: [] });
}

const accepted = Buffer.from('OK 0123456789abcdef\r\n');
const hello = message(reply, 1);

describe('a call on the session bus', () => {
  it('gets the reply to it, and no other message', async () => {
    const others = [message(reply, 7, Buffer.from('other')), message(signal, 2, Buffer.from('signal'))];
    const own = message(reply, 2, Buffer.from('own'));
    const body = await callTo(Buffer.concat([accepted, hello, ...others, own]));
    expect(body.toString()).toBe('own');
  });

  it('fails if the service replies with an error', async () => {
    await expect(callTo(Buffer.concat([accepted, hello, message(error, 2)]))).rejects.toThrow(BusError);
  });

  it.each([
    ['refuses this user', Buffer.from('REJECTED EXTERNAL\r\n'), 'the session bus refused the connection'],
    [
      'greets otherwise, and answers anyway',
      Buffer.concat([Buffer.from('DATA\r\n'), hello, message(reply, 2)]),
      'the session bus refused the connection',
    ],
    [
      'uses another byte order',
      Buffer.concat([accepted, message(reply, 1).fill('B', 0, 1)]),
      'the session bus answers in another byte order',
    ],
  ])('fails if the bus %s', async (_, answer, why) => {
    await expect(callTo(answer)).rejects.toThrow(why);
  });

  it('fails if the bus hangs up', async () => {
    await expect(callTo(accepted, true)).rejects.toThrow('the session bus hung up');
  });
});

describe('a message of the bus', () => {
  const ofLength = (length: number) => {
    const head = message(reply, 1);
    head.writeUInt32LE(length - head.length, 4);
    return head;
  };

  it('is read when all of it is there', () => {
    const whole = message(reply, 3, Buffer.from('body'));
    expect(decodeMessage(whole.subarray(0, 15))).toBeNull();
    expect(decodeMessage(whole.subarray(0, whole.length - 1))).toBeNull();
    expect(decodeMessage(whole)).toMatchObject({ is: 'reply', replySerial: 3, length: whole.length });
  });

  it('may have a mebibyte, and not a byte more', () => {
    expect(decodeMessage(ofLength(1024 * 1024))).toBeNull();
    expect(() => decodeMessage(ofLength(1024 * 1024 + 1))).toThrow('the session bus sends too much');
  });
});
