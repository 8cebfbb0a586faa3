import { type Environment, printable, Secret, VaultError } from '../system/index.ts';
import type { KeyringItem } from './keyring.ts';
import { ReplyReader, readBoolean, SessionBus, sessionBusSocket } from './session-bus.ts';

const destination = 'org.freedesktop.secrets';
const service = {
  destination,
  path: '/org/freedesktop/secrets',
  interface: 'org.freedesktop.Secret.Service',
};
const longestMs = 60_000;

/** See {@link readKeyring}. */
export async function readKeyringItems(
  environment: Environment,
  name: string,
  wants: (label: string) => boolean,
): Promise<KeyringItem[]> {
  const socket = sessionBusSocket(environment);
  if (socket === null) throw unreadable(name, 'there is no session bus');
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), longestMs);
  try {
    const bus = await SessionBus.open(socket, limit.signal);
    try {
      return await readItems(bus, name, wants);
    } finally {
      bus.close();
    }
  } catch (error) {
    if (error instanceof VaultError) throw error;
    const why = limit.signal.aborted
      ? 'the Secret Service does not answer'
      : `the Secret Service says: ${error instanceof Error ? printable(error.message).slice(0, 160) : ''}`;
    throw unreadable(name, why);
  } finally {
    clearTimeout(timer);
    limit.abort();
  }
}

async function readItems(
  bus: SessionBus,
  name: string,
  wants: (label: string) => boolean,
): Promise<KeyringItem[]> {
  const property = (path: string, of: string, property: string) =>
    bus.call({
      destination,
      path,
      interface: 'org.freedesktop.DBus.Properties',
      member: 'Get',
      arguments: [`org.freedesktop.Secret.${of}`, property],
    });
  const keyring = `${service.path}/collection/${objectName(name)}`;
  const isLocked = async () => readBoolean(await property(keyring, 'Collection', 'Locked'));
  // One without a password opens by this alone; for any other it names a prompt, which is not shown.
  if (await isLocked()) await bus.call({ ...service, member: 'Unlock', arguments: [{ objects: [keyring] }] });
  if (await isLocked()) {
    throw unreadable(name, 'it is locked', 'aws-vault list, which unlocks it; then try again');
  }
  const items = new ReplyReader(await property(keyring, 'Collection', 'Items'));
  items.variant();
  const session = await openSession(bus);
  const found: KeyringItem[] = [];
  for (const path of items.texts()) {
    const label = new ReplyReader(await property(path, 'Item', 'Label'));
    label.variant();
    const text = label.text();
    if (wants(text)) found.push({ label: text, secret: await readSecret(bus, path, session) });
  }
  return found;
}

async function openSession(bus: SessionBus): Promise<string> {
  const reply = new ReplyReader(
    await bus.call({ ...service, member: 'OpenSession', arguments: ['plain', { variant: '' }] }),
  );
  reply.variant();
  reply.text();
  return reply.text();
}

/** A secret is a structure: the session, parameters, the value, its content type. */
async function readSecret(bus: SessionBus, path: string, session: string): Promise<Secret> {
  const reply = new ReplyReader(
    await bus.call({
      destination,
      path,
      interface: 'org.freedesktop.Secret.Item',
      member: 'GetSecret',
      arguments: [{ object: session }],
    }),
  );
  reply.structure();
  reply.text();
  reply.bytes();
  return new Secret(reply.bytes().toString('utf8'));
}

/** Names in object paths are letters, digits and `_`; the Secret Service writes any other byte as `_` and two hex digits. */
function objectName(name: string): string {
  return [...Buffer.from(name)]
    .map((byte) => {
      const letter = String.fromCharCode(byte);
      return /[A-Za-z0-9]/.test(letter) ? letter : `_${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}

function unreadable(name: string, why: string, next?: string): VaultError {
  const what = `the keyring ${JSON.stringify(printable(name))} cannot be read`;
  return new VaultError(what, why, next ?? 'awsh import --aws-vault, through the program itself');
}
