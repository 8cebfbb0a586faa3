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

/** A text, the path of an object, a list of such paths, texts by their names, or a text in a variant. */
export type BusArgument =
  | string
  | { readonly object: string }
  | { readonly objects: readonly string[] }
  | { readonly attributes: Readonly<Record<string, string>> }
  | { readonly variant: string };

const littleEndian = 'l'.charCodeAt(0);
const methodCall = 1;
const methodReturn = 2;
const errorReply = 3;
const largestMessage = 1024 * 1024;
const field = { path: 1, interface: 2, member: 3, replySerial: 5, destination: 6, signature: 8 } as const;

/** A message that came from the bus. */
export interface BusMessage {
  readonly is: 'reply' | 'error' | 'other';
  /** Of the call that is answered; 0 where none is. */
  readonly replySerial: number;
  readonly body: Buffer;
  /** How many bytes it took. */
  readonly length: number;
}

/** The message at the beginning of the bytes, or null while it is not whole. Throws where it can be none. */
export function decodeMessage(bytes: Buffer): BusMessage | null {
  if (bytes.length < 16) return null;
  if (bytes[0] !== littleEndian) throw new Error('the session bus answers in another byte order');
  const bodyLength = bytes.readUInt32LE(4);
  const fieldsEnd = 16 + bytes.readUInt32LE(12);
  const bodyStart = aligned(fieldsEnd, 8);
  const length = bodyStart + bodyLength;
  if (length > largestMessage) throw new Error('the session bus sends too much');
  if (bytes.length < length) return null;
  return {
    is: bytes[1] === methodReturn ? 'reply' : bytes[1] === errorReply ? 'error' : 'other',
    replySerial: replySerial(bytes.subarray(0, fieldsEnd)),
    body: bytes.subarray(bodyStart, length),
    length,
  };
}

/** Header fields are structures of a code and a variant: numbers (`u`), texts (`s`, `o`) or a signature (`g`). */
function replySerial(head: Buffer): number {
  for (let at = 16; at + 8 <= head.length; ) {
    const [code, type] = [head[at], String.fromCharCode(head[at + 2] ?? 0)];
    at += 4;
    if (code === field.replySerial && type === 'u') return head.readUInt32LE(at);
    at += type === 'u' ? 4 : type === 'g' ? (head[at] ?? 0) + 2 : head.readUInt32LE(at) + 5;
    at = aligned(at, 8);
  }
  return 0;
}

export function encodeCall(call: MethodCall, serial: number): Buffer {
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
  if ('attributes' in argument) return 'a{ss}';
  return 'object' in argument ? 'o' : 'objects' in argument ? 'ao' : 'v';
}

/** Texts and lists begin at a multiple of 4; a variant anywhere, but the text in it at a multiple of 4 again. */
function withArgument(body: Buffer, argument: BusArgument): Buffer {
  const at4 = (before: Buffer, value: Buffer) => Buffer.concat([padded(before, 4), value]);
  if (typeof argument === 'string') return at4(body, text(argument));
  if ('object' in argument) return at4(body, text(argument.object));
  if ('objects' in argument) return at4(body, list(argument.objects.map(text)));
  if ('attributes' in argument) return at4(body, pairs(Object.entries(argument.attributes), body.length));
  return at4(Buffer.concat([body, signature('s')]), text(argument.variant));
}

/** Pairs begin at multiples of 8, counted from the body's begin; the length before them does not count the gap. */
function pairs(entries: readonly (readonly [string, string])[], offset: number): Buffer {
  const gap = Buffer.alloc(aligned(aligned(offset, 4) + 4, 8) - (aligned(offset, 4) + 4));
  const items = joined(
    entries.map(([name, value]) => joined([text(name), text(value)], 4)),
    8,
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(items.length);
  return Buffer.concat([length, gap, items]);
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
