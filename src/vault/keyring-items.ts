import { type Environment, findProgram, hasCode, printable, VaultError } from '../system/index.ts';
import { ReplyReader, readBoolean } from './bus-message.ts';
import type { KeyringContent, KeyringItem, KeyringLabels } from './keyring.ts';
import { greetSecretService, openSecretSession, secretService } from './secret-session.ts';
import { BusError, SessionBus, sessionBusSocket } from './session-bus.ts';
import { lockedKeychain } from './vault-errors.ts';

const longestMs = 60_000;
const longestListMs = 2_000;

/** See {@link readKeyring}. */
export async function readKeyringItems(
  environment: Environment,
  name: string,
  wants: (label: string) => boolean,
): Promise<KeyringContent> {
  const socket = sessionBusSocket(environment);
  const unreadable = (why: string, next?: string) => unreadableKeyring(environment, name, why, next);
  if (socket === null) throw unreadable('there is no session bus');
  const bus = new SessionBus(socket, longestMs);
  try {
    await greetSecretService(bus);
    return await readItems(bus, name, wants, unreadable);
  } catch (error) {
    if (error instanceof VaultError) throw error;
    // The bus may tell that the name has gone before it tells that there will be no reply.
    if (error instanceof BusError && ended.test(error.errorName))
      throw unreadable('the Secret Service ended while it was asked', importAgain);
    const why = bus.isLate
      ? 'the Secret Service does not answer'
      : hasCode(error, 'ENOENT', 'ECONNREFUSED') || /\b(ENOENT|ECONNREFUSED)\b/.test(String(error))
        ? 'there is no session bus'
        : `the Secret Service says: ${error instanceof Error ? printable(error.message).slice(0, 160) : ''}`;
    throw unreadable(why);
  } finally {
    bus.close();
  }
}

/** See {@link keyringLabels}. */
export async function readKeyringLabels(environment: Environment, name: string): Promise<KeyringLabels> {
  const socket = sessionBusSocket(environment);
  if (socket === null) return { is: 'absent' };
  const bus = new SessionBus(socket, longestListMs);
  try {
    await greetSecretService(bus);
    if (await isLocked(bus, name)) return { is: 'locked' };
    const labels: string[] = [];
    for (const path of await itemPaths(bus, name)) labels.push(await labelOf(bus, path));
    return { labels };
  } catch {
    return { is: 'absent' };
  } finally {
    bus.close();
  }
}

async function readItems(
  bus: SessionBus,
  name: string,
  wants: (label: string) => boolean,
  unreadable: (why: string, next?: string) => VaultError,
): Promise<KeyringContent> {
  // A keyring without a password is opened by this call. For any other the service names a prompt,
  // which is not shown.
  if (await isLocked(bus, name))
    await bus.call({ ...secretService, member: 'Unlock', arguments: [{ objects: [pathOf(name)] }] });
  if (await isLocked(bus, name)) {
    const hasOwnPassword = name !== 'login' && !(await isLocked(bus, 'login').catch(() => true));
    throw hasOwnPassword
      ? unreadable(ownPassword, importAgain)
      : unreadable('it is locked', lockedKeychain().next);
  }
  const paths = await itemPaths(bus, name);
  const session = await openSecretSession(bus);
  const items: KeyringItem[] = [];
  try {
    for (const path of paths) {
      const label = await labelOf(bus, path);
      if (!wants(label)) continue;
      const secret = await session.read(path).catch((error: unknown) => {
        if (hasEnded(bus, error)) throw error;
        return null;
      });
      items.push({ label, secret });
    }
  } catch (error) {
    if (items.length === 0) throw error;
    return { items, isCutOff: true };
  }
  return { items, isCutOff: false };
}

const importAgain = 'awsh import --aws-vault-keyring';
const ownPassword =
  'it is locked, and has a password of its own: unlock it in the password manager of your desktop (as Seahorse), then import again';

async function isLocked(bus: SessionBus, name: string): Promise<boolean> {
  return readBoolean(await property(bus, pathOf(name), 'Collection', 'Locked'));
}

/** True if the bus or the service is gone, so that no other item can be read either. */
function hasEnded(bus: SessionBus, error: unknown): boolean {
  return bus.isLate || bus.hasFailed || (error instanceof BusError && ended.test(error.errorName));
}

const ended = /^org\.freedesktop\.DBus\.Error\.(NoReply|ServiceUnknown|NameHasNoOwner|Disconnected)$/;

async function itemPaths(bus: SessionBus, name: string): Promise<string[]> {
  const items = new ReplyReader(await property(bus, pathOf(name), 'Collection', 'Items'));
  items.variant();
  return items.texts();
}

async function labelOf(bus: SessionBus, path: string): Promise<string> {
  const label = new ReplyReader(await property(bus, path, 'Item', 'Label'));
  label.variant();
  return label.text();
}

function property(bus: SessionBus, path: string, of: 'Collection' | 'Item', name: string): Promise<Buffer> {
  return bus.call({
    destination: secretService.destination,
    path,
    interface: 'org.freedesktop.DBus.Properties',
    member: 'Get',
    arguments: [`org.freedesktop.Secret.${of}`, name],
  });
}

function pathOf(keyring: string): string {
  return `${secretService.path}/collection/${objectName(keyring)}`;
}

/**
 * Names in object paths are letters, digits and `_`; the Secret Service writes any other byte as
 * `_` and two hex digits.
 */
function objectName(name: string): string {
  return [...Buffer.from(name)]
    .map((byte) => {
      const letter = String.fromCharCode(byte);
      return /[A-Za-z0-9]/.test(letter) ? letter : `_${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}

/** If aws-vault is installed, it can open what awsh cannot. */
function unreadableKeyring(environment: Environment, name: string, why: string, next?: string): VaultError {
  const isInstalled = findProgram('aws-vault', environment.PATH) !== null;
  const what = `the keyring ${JSON.stringify(printable(name))} cannot be read`;
  return new VaultError(what, why, next ?? (isInstalled ? 'awsh import --aws-vault' : 'awsh import'));
}
