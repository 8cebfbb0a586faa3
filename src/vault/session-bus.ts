import { join } from 'node:path';
import { type Environment, printable } from '../system/index.ts';
import { type BusMessage, decodeMessage, encodeCall, type MethodCall, readText } from './bus-message.ts';
import { openUnixSocket, type UnixSocket } from './unix-socket.ts';

/**
 * The socket of the session bus as GDBus finds it, or null. Never launches a bus, as `autolaunch:`
 * would.
 */
export function sessionBusSocket(environment: Environment): string | null {
  const addresses = environment.DBUS_SESSION_BUS_ADDRESS;
  if (addresses === undefined || addresses === '') {
    return environment.XDG_RUNTIME_DIR ? join(environment.XDG_RUNTIME_DIR, 'bus') : null;
  }
  for (const address of addresses.split(';')) {
    const path = /^unix:(?:[^,]*,)*?path=([^,]+)/.exec(address)?.[1];
    if (path !== undefined) return unescapeAddress(path);
    const abstract = /^unix:(?:[^,]*,)*?abstract=([^,]+)/.exec(address)?.[1];
    if (abstract !== undefined) return `\0${unescapeAddress(abstract)}`;
  }
  return null;
}

/** An error reply, with the service's own message. */
export class BusError extends Error {
  readonly errorName: string;

  constructor({ body, errorName }: BusMessage) {
    super(printable(readText(body)) || 'the service refused');
    this.errorName = errorName;
  }
}

interface Waiting {
  readonly resolve: (body: Buffer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One connection to the bus with a total time limit. Calls may be made before others are answered:
 * everything that does not depend on an answer is sent at once, even directly after the
 * authentication, as systemd's client does.
 */
export class SessionBus {
  readonly #socket: UnixSocket;
  readonly #limit: NodeJS.Timeout;
  readonly #waiting = new Map<number, Waiting>();
  /** Messages that wait for the connection; null once it exists. */
  #toSend: Buffer[] | null = [];
  #received = Buffer.alloc(0);
  #isAccepted = false;
  #serial = 0;
  #failure: Error | null = null;
  #isLate = false;

  /** Errors are thrown by the calls, not here. */
  constructor(path: string, milliseconds: number) {
    this.#socket = openUnixSocket(path, {
      connected: () => {
        const waiting = this.#toSend;
        this.#toSend = null;
        if (waiting !== null) this.#socket.write(Buffer.concat(waiting));
      },
      received: (bytes) => this.#take(bytes),
      ended: (error) => this.#fail('code' in error ? error : new Error('the session bus hung up')),
    });
    this.#limit = setTimeout(() => {
      this.#isLate = true;
      this.#fail(new Error('the session bus does not answer'));
    }, milliseconds);
    // In hexadecimal, a digit's character code is a 3 and the digit.
    const uid = [...String(process.getuid?.() ?? 0)].map((digit) => `3${digit}`).join('');
    this.#send(Buffer.from(`\0AUTH EXTERNAL ${uid}\r\nBEGIN\r\n`));
    const itself = {
      destination: 'org.freedesktop.DBus',
      path: '/org/freedesktop/DBus',
      interface: 'org.freedesktop.DBus',
    };
    this.call({ ...itself, member: 'Hello', arguments: [] }).catch((error) => this.#fail(error));
  }

  /** True if the time ran out; calls then fail for that reason. */
  get isLate(): boolean {
    return this.#isLate;
  }

  /** True if no call can be answered any more. */
  get hasFailed(): boolean {
    return this.#failure !== null;
  }

  /** The body of the reply. Throws BusError for an error reply. */
  call(call: MethodCall): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) {
        reject(this.#failure);
        return;
      }
      const serial = ++this.#serial;
      this.#waiting.set(serial, { resolve, reject });
      this.#send(encodeCall(call, serial));
    });
  }

  /**
   * Accepts no more calls. The connection ends in the next turn of the event loop, which a finished
   * command does not reach.
   */
  close(): void {
    this.#giveUp(new Error('the connection to the session bus is closed'));
    setImmediate(() => {
      clearTimeout(this.#limit);
      this.#socket.close();
    });
  }

  /** What is sent before there is a connection is sent in one piece. */
  #send(bytes: Buffer): void {
    if (this.#toSend !== null) this.#toSend.push(bytes);
    else this.#socket.write(bytes);
  }

  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    try {
      if (!this.#isAccepted) this.#accept();
      if (this.#isAccepted) this.#settle();
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error('the session bus cannot be understood'));
    }
  }

  #accept(): void {
    // One character for each byte: the line is ASCII, and bytes after it do not move its end.
    const text = this.#received.toString();
    const end = text.indexOf('\r\n');
    if (end < 0) return;
    if (!text.startsWith('OK ')) throw new Error('the session bus refused the connection');
    this.#isAccepted = true;
    this.#received = this.#received.subarray(end + 2);
  }

  /** Gives replies to their callers, and drops signals. */
  #settle(): void {
    for (;;) {
      const message = decodeMessage(this.#received);
      if (message === null) return;
      this.#received = this.#received.subarray(message.length);
      const waiting = this.#waiting.get(message.replySerial);
      if (message.is === 'other' || waiting === undefined) continue;
      this.#waiting.delete(message.replySerial);
      if (message.is === 'reply') waiting.resolve(message.body);
      else waiting.reject(new BusError(message));
    }
  }

  #fail(error: Error): void {
    clearTimeout(this.#limit);
    this.#socket.close();
    this.#giveUp(error);
  }

  #giveUp(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}

/** Addresses escape bytes as %XX. */
function unescapeAddress(value: string): string {
  if (!value.includes('%')) return value;
  return value.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
