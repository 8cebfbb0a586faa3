import { type Environment, printable, VaultError } from '../system/index.ts';
import { ReplyReader, readBoolean } from './bus-message.ts';
import type { KeyringItem } from './keyring.ts';
import { readSecret, sessionOf } from './secret-service.ts';
import { SessionBus, sessionBusSocket } from './session-bus.ts';

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
  const bus = new SessionBus(socket, longestMs);
  try {
    return await readItems(bus, name, wants);
  } catch (error) {
    if (error instanceof VaultError) throw error;
    const why = bus.isLate
      ? 'the Secret Service does not answer'
      : `the Secret Service says: ${error instanceof Error ? printable(error.message).slice(0, 160) : ''}`;
    throw unreadable(name, why);
  } finally {
    bus.close();
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
  return sessionOf(
    await bus.call({ ...service, member: 'OpenSession', arguments: ['plain', { variant: '' }] }),
  );
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
