import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { type Environment, printable } from '../system/index.ts';

/**
 * Just enough of the D-Bus protocol to ask one service a question without a thread that may hang: authentication,
 * method calls with text arguments, and the first values of the reply (D-Bus specification, "Message Protocol").
 */
export interface MethodCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly arguments: readonly BusArgument[];
}

/** A text, the path of an object, a list of such paths, or a text in a variant. */
export type BusArgument =
  | string
  | { readonly object: string }
  | { readonly objects: readonly string[] }
  | { readonly variant: string };

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

/** One connection to the bus. Aborting the signal destroys it, and every call that waits fails. */
export class SessionBus {
  readonly #socket: Socket;
  readonly #input: AsyncIterator<Buffer>;
  #buffer = Buffer.alloc(0);
  #serial = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#input = socket[Symbol.asyncIterator]();
  }

  static async open(path: string, signal: AbortSignal): Promise<SessionBus> {
    const bus = new SessionBus(connect({ path, signal }));
    const uid = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
    bus.#socket.write(`\0AUTH EXTERNAL ${uid}\r\n`);
    if (!(await bus.#line()).startsWith('OK ')) throw new Error('the session bus refused us');
    bus.#socket.write('BEGIN\r\n');
    const busItself = {
      destination: 'org.freedesktop.DBus',
      path: '/org/freedesktop/DBus',
      interface: 'org.freedesktop.DBus',
    };
    await bus.call({ ...busItself, member: 'Hello', arguments: [] });
    return bus;
  }

  /** The body of the reply. An error reply is thrown, with the service's own words. */
  async call(call: MethodCall): Promise<Buffer> {
    this.#socket.write(encodeCall(call, ++this.#serial));
    for (;;) {
      const { type, body } = await this.#message();
      // Calls are made one at a time, so the next reply is this one's; signals pass by.
      if (type === methodReturn) return body;
      if (type === errorReply) throw new Error(printable(readText(body)) || 'the service refused');
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  async #line(): Promise<string> {
    for (;;) {
      const end = this.#buffer.indexOf('\r\n');
      if (end >= 0)
        return this.#take(end + 2)
          .toString('latin1')
          .trimEnd();
      await this.#more();
    }
  }

  async #message(): Promise<{ type: number; body: Buffer }> {
    const head = await this.#atLeast(16);
    if (head[0] !== littleEndian) throw new Error('the session bus answers in another byte order');
    const bodyLength = head.readUInt32LE(4);
    const bodyStart = aligned(16 + head.readUInt32LE(12), 8);
    if (bodyStart + bodyLength > largestMessage) throw new Error('the session bus sends too much');
    await this.#atLeast(bodyStart + bodyLength);
    return { type: head[1] ?? 0, body: this.#take(bodyStart + bodyLength).subarray(bodyStart) };
  }

  async #atLeast(length: number): Promise<Buffer> {
    while (this.#buffer.length < length) await this.#more();
    return this.#buffer;
  }

  async #more(): Promise<void> {
    const next = await this.#input.next();
    if (next.done) throw new Error('the session bus hung up');
    this.#buffer = Buffer.concat([this.#buffer, next.value]);
  }

  #take(length: number): Buffer {
    const taken = this.#buffer.subarray(0, length);
    this.#buffer = this.#buffer.subarray(length);
    return taken;
  }
}

const littleEndian = 'l'.charCodeAt(0);
const methodCall = 1;
const methodReturn = 2;
const errorReply = 3;
const largestMessage = 1024 * 1024;
const field = { path: 1, interface: 2, member: 3, destination: 6, signature: 8 } as const;

function encodeCall(call: MethodCall, serial: number): Buffer {
  const body = call.arguments.reduce(withArgument, Buffer.alloc(0));
  const fields = joined(
    [
      header(field.path, 'o', text(call.path)),
      header(field.interface, 's', text(call.interface)),
      header(field.member, 's', text(call.member)),
      header(field.destination, 's', text(call.destination)),
      header(field.signature, 'g', signature(call.arguments.map(typeOf).join(''))),
    ],
    8,
  );
  const start = Buffer.alloc(16);
  start.set([littleEndian, methodCall, 0, 1]);
  start.writeUInt32LE(body.length, 4);
  start.writeUInt32LE(serial, 8);
  start.writeUInt32LE(fields.length, 12);
  return Buffer.concat([padded(Buffer.concat([start, fields]), 8), body]);
}

function typeOf(argument: BusArgument): string {
  if (typeof argument === 'string') return 's';
  return 'object' in argument ? 'o' : 'objects' in argument ? 'ao' : 'v';
}

/** Texts and lists begin at a multiple of 4; a variant anywhere, but the text in it at a multiple of 4 again. */
function withArgument(body: Buffer, argument: BusArgument): Buffer {
  const at4 = (before: Buffer, value: Buffer) => Buffer.concat([padded(before, 4), value]);
  if (typeof argument === 'string') return at4(body, text(argument));
  if ('object' in argument) return at4(body, text(argument.object));
  if ('objects' in argument) return at4(body, list(argument.objects.map(text)));
  return at4(Buffer.concat([body, signature('s')]), text(argument.variant));
}

/** A header field: its code, the signature of its value (one letter), the value. */
function header(code: number, type: string, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([code, 1, type.charCodeAt(0), 0]), value]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(`${value}\0`);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length - 1);
  return Buffer.concat([length, bytes]);
}

function list(values: readonly Buffer[]): Buffer {
  const items = joined(values, 4);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(items.length);
  return Buffer.concat([length, items]);
}

function signature(value: string): Buffer {
  return Buffer.from(`${String.fromCharCode(value.length)}${value}\0`, 'latin1');
}

/** Each part but the first begins at a multiple of `alignment`; nothing follows the last. */
function joined(parts: readonly Buffer[], alignment: number): Buffer {
  return Buffer.concat(parts.map((part, i) => (i < parts.length - 1 ? padded(part, alignment) : part)));
}

function padded(bytes: Buffer, to: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(aligned(bytes.length, to) - bytes.length)]);
}

function aligned(length: number, to: number): number {
  return Math.ceil(length / to) * to;
}

/** Reads a reply's values one after the other, each at its alignment; what is not there reads as empty. */
export class ReplyReader {
  #at = 0;

  constructor(private readonly body: Buffer) {}

  /** A structure's values follow. */
  structure(): void {
    this.#at = aligned(this.#at, 8);
  }

  /** `s` or `o`. */
  text(): string {
    const value = this.#sized().toString('utf8');
    this.#at += 1;
    return value;
  }

  /** `ay`. */
  bytes(): Buffer {
    return this.#sized();
  }

  /** `as` or `ao`. */
  texts(): string[] {
    const length = this.#length();
    const end = Math.min(this.#at + length, this.body.length);
    const values: string[] = [];
    while (this.#at < end) values.push(this.text());
    return values;
  }

  /** The type of the value in a variant, which follows. */
  variant(): string {
    const length = this.body[this.#at] ?? 0;
    const type = this.body.subarray(this.#at + 1, this.#at + 1 + length).toString('latin1');
    this.#at += length + 2;
    return type;
  }

  #sized(): Buffer {
    const length = this.#length();
    const value = this.body.subarray(this.#at, this.#at + length);
    this.#at += length;
    return value;
  }

  #length(): number {
    this.#at = aligned(this.#at, 4);
    const length = this.#at + 4 <= this.body.length ? this.body.readUInt32LE(this.#at) : 0;
    this.#at += 4;
    return length;
  }
}

/** The first value of a reply, where that is a text (`s` or `o`). */
export function readText(body: Buffer): string {
  const length = body.length >= 4 ? body.readUInt32LE(0) : 0;
  return body.subarray(4, 4 + Math.min(length, body.length)).toString('utf8');
}

/** The first value of a reply, where that is a variant with a boolean in it: its signature `b`, then four bytes. */
export function readBoolean(body: Buffer): boolean {
  return body.length >= 8 && body.readUInt32LE(4) === 1;
}

/** Addresses escape bytes as %XX. */
function unescapeAddress(value: string): string {
  return value.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
