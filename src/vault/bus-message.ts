/**
 * The part of the D-Bus protocol that is needed to ask one service, without a thread that may hang:
 * authentication, method calls with text arguments, and the first values of the reply (D-Bus
 * specification, "Message Protocol").
 */
export interface MethodCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly arguments: readonly BusArgument[];
}

/**
 * A text, the path of an object, a list of such paths, a map of texts, or a text or bytes in a
 * variant.
 */
export type BusArgument =
  | string
  | { readonly object: string }
  | { readonly objects: readonly string[] }
  | { readonly attributes: Readonly<Record<string, string>> }
  | { readonly variant: string | Uint8Array };

// Numbers go through DataView, and texts use the default encoding UTF-8: V8 has already compiled
// what those need, but not Buffer's functions for other encodings.
const littleEndian = 'l'.charCodeAt(0);
const methodCall = 1;
const methodReturn = 2;
const errorReply = 3;
const largestMessage = 1024 * 1024;
const field = {
  path: 1,
  interface: 2,
  member: 3,
  errorName: 4,
  replySerial: 5,
  destination: 6,
  signature: 8,
} as const;

/** A message received from the bus. */
export interface BusMessage {
  readonly is: 'reply' | 'error' | 'other';
  /** The serial number of the answered call; 0 if there is none. */
  readonly replySerial: number;
  /** The name of an error; empty if it has none. */
  readonly errorName: string;
  readonly body: Buffer;
  /** The length of the message in bytes. */
  readonly length: number;
}

/**
 * The message at the beginning of the bytes, or null if it is incomplete. Throws if it is
 * malformed.
 */
export function decodeMessage(bytes: Buffer): BusMessage | null {
  if (bytes.length < 16) return null;
  if (bytes[0] !== littleEndian) throw new Error('the session bus answers in another byte order');
  const bodyLength = numberAt(bytes, 4);
  const fieldsEnd = 16 + numberAt(bytes, 12);
  const bodyStart = aligned(fieldsEnd, 8);
  const length = bodyStart + bodyLength;
  if (length > largestMessage) throw new Error('the session bus sends too much');
  if (bytes.length < length) return null;
  return {
    is: bytes[1] === methodReturn ? 'reply' : bytes[1] === errorReply ? 'error' : 'other',
    ...readFields(bytes.subarray(0, fieldsEnd)),
    body: bytes.subarray(bodyStart, length),
    length,
  };
}

/** Header fields are structures of a code and a variant: numbers (`u`), texts (`s`, `o`) or a signature (`g`). */
function readFields(head: Buffer): { replySerial: number; errorName: string } {
  let [replySerial, errorName] = [0, ''];
  for (let at = 16; at + 8 <= head.length; ) {
    const [code, type] = [head[at], String.fromCharCode(head[at + 2] ?? 0)];
    at += 4;
    if (code === field.replySerial && type === 'u') replySerial = numberAt(head, at);
    if (code === field.errorName && type === 's') errorName = readText(head.subarray(at));
    at += type === 'u' ? 4 : type === 'g' ? (head[at] ?? 0) + 2 : numberAt(head, at) + 5;
    at = aligned(at, 8);
  }
  return { replySerial, errorName };
}

export function encodeCall(call: MethodCall, serial: number): Buffer {
  const message = new MessageWriter();
  message.bytes(littleEndian, methodCall, 0, 1);
  message.number(0); // the body's length, below
  message.number(serial);
  const fields = [
    [field.path, 'o', call.path],
    [field.interface, 's', call.interface],
    [field.member, 's', call.member],
    [field.destination, 's', call.destination],
    [field.signature, 'g', call.arguments.map(typeOf).join('')],
  ] as const;
  message.list(8, fields, ([code, type, value]) => {
    message.bytes(code);
    message.signature(type);
    if (type === 'g') message.signature(value);
    else message.text(value);
  });
  message.align(8);
  const bodyStart = message.length;
  for (const argument of call.arguments) writeArgument(message, argument);
  message.number(message.length - bodyStart, 4);
  return message.whole();
}

function typeOf(argument: BusArgument): string {
  if (typeof argument === 'string') return 's';
  if ('attributes' in argument) return 'a{ss}';
  return 'object' in argument ? 'o' : 'objects' in argument ? 'ao' : 'v';
}

function writeArgument(message: MessageWriter, argument: BusArgument): void {
  if (typeof argument === 'string') {
    message.text(argument);
  } else if ('object' in argument) {
    message.text(argument.object);
  } else if ('variant' in argument) {
    const { variant } = argument;
    message.signature(typeof variant === 'string' ? 's' : 'ay');
    if (typeof variant === 'string') message.text(variant);
    else message.list(1, [variant], (bytes) => message.bytes(...bytes));
  } else if ('objects' in argument) {
    message.list(4, argument.objects, (path) => message.text(path));
  } else {
    message.list(8, Object.entries(argument.attributes), ([name, value]) => {
      message.text(name);
      message.text(value);
    });
  }
}

/**
 * Builds a message. Its values are aligned to multiples of their own size, counted from the start
 * of the message.
 */
class MessageWriter {
  #bytes = Buffer.alloc(512);
  length = 0;

  whole(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }

  align(to: number): void {
    this.#grow(aligned(this.length, to) - this.length);
  }

  bytes(...values: number[]): void {
    const at = this.#grow(values.length);
    this.#bytes.set(values, at);
  }

  /** `u`; appended, or written over an existing one. */
  number(value: number, place?: number): void {
    if (place === undefined) this.align(4);
    const at = place ?? this.#grow(4);
    new DataView(this.#bytes.buffer, this.#bytes.byteOffset).setUint32(at, value, true);
  }

  /** `s` and `o`. */
  text(value: string): void {
    this.number(0);
    const place = this.length - 4;
    // In UTF-8 each UTF-16 unit takes at most three bytes.
    const at = this.#grow(value.length * 3 + 1);
    const length = this.#bytes.write(value, at);
    this.number(length, place);
    this.length = at + length + 1;
  }

  /** `g`. */
  signature(value: string): void {
    this.bytes(value.length);
    const at = this.#grow(value.length + 1);
    this.#bytes.write(value, at);
  }

  /** `a`. The padding before its first item is not part of its length. */
  list<T>(alignment: number, items: readonly T[], write: (item: T) => void): void {
    this.number(0);
    const place = this.length - 4;
    this.align(alignment);
    const start = this.length;
    for (const item of items) {
      this.align(alignment);
      write(item);
    }
    this.number(this.length - start, place);
  }

  /** Appends this many zero bytes and returns their position. */
  #grow(by: number): number {
    const at = this.length;
    this.length += by;
    if (this.length > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.length)]);
    }
    return at;
  }
}

/** Throws if there are not enough bytes. */
function numberAt(bytes: Buffer, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(at, true);
}

function aligned(length: number, to: number): number {
  return Math.ceil(length / to) * to;
}

/** Reads a reply's values in sequence, each at its alignment; a missing one reads as empty. */
export class ReplyReader {
  #at = 0;

  constructor(private readonly body: Buffer) {}

  /** The values of a structure follow. */
  structure(): void {
    this.#at = aligned(this.#at, 8);
  }

  /** `s` or `o`. */
  text(): string {
    const value = this.#sized().toString();
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
    const type = this.body.subarray(this.#at + 1, this.#at + 1 + length).toString();
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
    const length = this.#at + 4 <= this.body.length ? numberAt(this.body, this.#at) : 0;
    this.#at += 4;
    return length;
  }
}

/** The first value of a reply, if it is a text (`s` or `o`). */
export function readText(body: Buffer): string {
  const length = body.length >= 4 ? numberAt(body, 0) : 0;
  return body.subarray(4, 4 + Math.min(length, body.length)).toString();
}

/**
 * The first value of a reply, if it is a variant with a boolean: its signature `b`, then four
 * bytes.
 */
export function readBoolean(body: Buffer): boolean {
  return body.length >= 8 && numberAt(body, 4) === 1;
}
