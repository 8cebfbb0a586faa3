import { createDecipheriv, hkdfSync } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { Secret } from '../system/index.ts';
import { type MethodCall, ReplyReader } from './bus-message.ts';
import { BusError, type SessionBus } from './session-bus.ts';

/**
 * A session of the Secret Service (Secret Service API, "Transfer of Secrets"), over which secrets
 * are read: encrypted with the algorithm that libsecret and keytar use, so that no secret is on the
 * bus unencrypted.
 */
export interface SecretSession {
  /** The text of the item with this object path. */
  read(item: string): Promise<Secret>;
}

export const secretService = {
  destination: 'org.freedesktop.secrets',
  path: '/org/freedesktop/secrets',
  interface: 'org.freedesktop.Secret.Service',
} as const;

const encrypted = 'dh-ietf1024-sha256-aes128-cbc-pkcs7';
const notSupported = 'org.freedesktop.DBus.Error.NotSupported';

/**
 * Must be answered before any other call. gnome-keyring registers a new client in its main loop,
 * usually before the client's first call but not always: an OpenSession that came first found no
 * client and aborted the daemon, and other calls got no answer (seen in 42.1; the code is the same
 * in 50). Reading this property needs no client.
 */
export async function greetSecretService(bus: SessionBus): Promise<void> {
  await bus
    .call({
      ...secretService,
      interface: 'org.freedesktop.DBus.Properties',
      member: 'Get',
      arguments: [secretService.interface, 'Collections'],
    })
    .catch((error) => {
      // Not every service has this property; a failing bus is an error.
      if (!(error instanceof BusError) || !isAboutTheProperty(error)) throw error;
    });
}

function isAboutTheProperty({ errorName }: BusError): boolean {
  return /\.(UnknownProperty|UnknownInterface|UnknownMethod|InvalidArgs|AccessDenied)$/.test(errorName);
}

/**
 * Opens one after {@link greetSecretService}. A service without encryption gets `plain`; the
 * service decides this, not the bus.
 */
export async function openSecretSession(bus: SessionBus): Promise<SecretSession> {
  const exponent = randomExponent();
  const publicKey = toBytes(power(generator, exponent));
  const opening = bus.call(openSession(encrypted, publicKey));
  process.getBuiltinModule('node:crypto');
  const opened = await opening.catch((error) => {
    if (error instanceof BusError && error.errorName === notSupported) return null;
    throw error;
  });
  if (opened === null) {
    const { session } = sessionOf(await bus.call(openSession('plain', '')));
    return { read: (item) => readItem(bus, item, session, (_, value) => value) };
  }
  const { session, output } = sessionOf(opened);
  const key = sharedKey(toNumber(output), exponent);
  return { read: (item) => readItem(bus, item, session, (iv, value) => decrypt(key, iv, value)) };
}

function openSession(algorithm: string, input: string | Uint8Array): MethodCall {
  return { ...secretService, member: 'OpenSession', arguments: [algorithm, { variant: input }] };
}

/**
 * The reply to OpenSession: the algorithm's own output in a variant, and the path of the session.
 */
function sessionOf(opened: Buffer): { session: string; output: Buffer } {
  const reply = new ReplyReader(opened);
  const output = reply.variant() === 'ay' ? reply.bytes() : Buffer.from(reply.text());
  return { output, session: reply.text() };
}

/** A secret is a structure: the session, parameters, the value, its content type. */
async function readItem(
  bus: SessionBus,
  item: string,
  session: string,
  open: (parameters: Buffer, value: Buffer) => Uint8Array,
): Promise<Secret> {
  const reply = new ReplyReader(
    await bus.call({
      destination: secretService.destination,
      path: item,
      interface: 'org.freedesktop.Secret.Item',
      member: 'GetSecret',
      arguments: [{ object: session }],
    }),
  );
  reply.structure();
  reply.text();
  const parameters = reply.bytes();
  return new Secret(Buffer.from(open(parameters, reply.bytes())).toString());
}

/** The second Oakley group: RFC 2409, section 6.2. */
const prime = BigInt(
  '0xffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd' +
    'ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed' +
    'ee386bfb5a899fa5ae9f24117c4b1fe649286651ece65381ffffffffffffffff',
);
const primeBytes = 128;
const generator = 2n;
/**
 * In bytes. More than twice the strength of the group, which is 80 bits (NIST SP 800-57 part 1,
 * table 2).
 */
const exponentBytes = 24;

/**
 * Random bytes from the kernel, and the power by our own arithmetic, while node:crypto is loading,
 * which takes as long as the service needs to make its own key.
 */
function randomExponent(): bigint {
  const bytes = Buffer.alloc(exponentBytes);
  const device = openSync('/dev/urandom', 'r');
  try {
    if (readSync(device, bytes) !== exponentBytes) throw new Error('/dev/urandom gave too little');
  } finally {
    closeSync(device);
  }
  return toNumber(bytes);
}

function sharedKey(theirs: bigint, exponent: bigint): Uint8Array {
  if (theirs <= 1n || theirs >= prime - 1n) throw new Error('the Secret Service gave no public key');
  const common = toBytes(power(theirs, exponent));
  // HKDF with SHA-256, without salt and info, as in the specification.
  return new Uint8Array(hkdfSync('sha256', common, '', '', 16));
}

function decrypt(key: Uint8Array, iv: Uint8Array, value: Uint8Array): Uint8Array {
  const decipher = createDecipheriv('aes-128-cbc', key, iv);
  return Buffer.concat([decipher.update(value), decipher.final()]);
}

/** base ** exponent modulo the prime. */
function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % prime;
    if (bit === '1') result = (result * base) % prime;
  }
  return result;
}

function toNumber(bytes: Buffer): bigint {
  return BigInt(`0x0${bytes.toString('hex')}`);
}

/** As many bytes as the prime has. */
function toBytes(number: bigint): Buffer {
  return Buffer.from(number.toString(16).padStart(primeBytes * 2, '0'), 'hex');
}
