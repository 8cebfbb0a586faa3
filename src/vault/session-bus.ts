import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { type Environment, printable } from '../system/index.ts';
import { decodeMessage, encodeCall, type MethodCall, readText } from './bus-message.ts';

/** The socket of the session bus as GDBus finds it, or null. Nothing is ever launched (`autolaunch:` would be). */
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

interface Waiting {
  readonly resolve: (body: Buffer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One connection to the bus, for as long as it is given. Calls may be made before others are answered: all that does not
 * depend on an answer goes out at once, even behind the authentication, as systemd's client does it.
 */
export class SessionBus {
  readonly #socket: Socket;
  readonly #limit: NodeJS.Timeout;
  readonly #waiting = new Map<number, Waiting>();
  #toSend: Buffer[] = [];
  #received = Buffer.alloc(0);
  #isAccepted = false;
  #serial = 0;
  #failure: Error | null = null;
  #isLate = false;

  /** Fails in the calls, not here. */
  constructor(path: string, milliseconds: number) {
    // Read without Node's stream in between, which nothing here needs.
    const buffer = Buffer.alloc(16 * 1024);
    const callback = (length: number) => {
      this.#take(buffer.subarray(0, length));
      return true;
    };
    this.#socket = connect({ path, onread: { buffer, callback } });
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#fail(new Error('the session bus hung up')));
    this.#limit = setTimeout(() => {
      this.#isLate = true;
      this.#fail(new Error('the session bus does not answer'));
    }, milliseconds);
    const uid = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
    this.#send(Buffer.from(`\0AUTH EXTERNAL ${uid}\r\nBEGIN\r\n`));
    const itself = {
      destination: 'org.freedesktop.DBus',
      path: '/org/freedesktop/DBus',
      interface: 'org.freedesktop.DBus',
    };
    this.call({ ...itself, member: 'Hello', arguments: [] }).catch((error) => this.#fail(error));
  }

  /** True where the time ran out, and that is why calls fail. */
  get isLate(): boolean {
    return this.#isLate;
  }

  /** The body of the reply. An error reply is thrown, with the service's own words. */
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

  /** The bus ends what has ended here. Not destroyed: Node would make a stream of stderr for that. */
  close(): void {
    this.#socket.unref();
    this.#socket.end();
    this.#giveUp(new Error('the connection to the session bus is closed'));
  }

  /** What is sent in one turn of the program goes out in one piece. */
  #send(bytes: Buffer): void {
    if (this.#toSend.push(bytes) > 1) return;
    queueMicrotask(() => {
      this.#socket.write(Buffer.concat(this.#toSend));
      this.#toSend = [];
    });
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
    const end = this.#received.indexOf('\r\n');
    if (end < 0) return;
    if (!this.#received.subarray(0, end).toString('latin1').startsWith('OK ')) {
      throw new Error('the session bus refused us');
    }
    this.#isAccepted = true;
    this.#received = this.#received.subarray(end + 2);
  }

  /** Gives replies to whom they are for; signals pass by. */
  #settle(): void {
    for (;;) {
      const message = decodeMessage(this.#received);
      if (message === null) return;
      this.#received = this.#received.subarray(message.length);
      const waiting = this.#waiting.get(message.replySerial);
      if (message.is === 'other' || waiting === undefined) continue;
      this.#waiting.delete(message.replySerial);
      if (message.is === 'reply') waiting.resolve(message.body);
      else waiting.reject(new Error(printable(readText(message.body)) || 'the service refused'));
    }
  }

  #fail(error: Error): void {
    this.#socket.destroy();
    this.#giveUp(error);
  }

  #giveUp(error: Error): void {
    this.#failure ??= error;
    clearTimeout(this.#limit);
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}

/** Addresses escape bytes as %XX. */
function unescapeAddress(value: string): string {
  return value.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
