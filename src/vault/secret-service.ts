import type { Environment, Secret } from '../system/index.ts';
import { ReplyReader, readBoolean, readText } from './bus-message.ts';
import { greetSecretService, openSecretSession, secretService } from './secret-session.ts';
import { SessionBus, sessionBusSocket } from './session-bus.ts';

/**
 * The state that the Secret Service reports. `unavailable`: it does not answer, and why. `empty`:
 * it has no keyring to store anything in.
 */
export type SecretServiceState =
  | { readonly is: 'unlocked' | 'locked' | 'empty' }
  | { readonly is: 'unavailable'; readonly why: string };

/**
 * Asks the Secret Service for its default keyring and whether that is locked, within `timeoutMs`;
 * opens no prompt. Called before keytar: a service that hangs blocks keytar's thread for 25 s a
 * call, and the process cannot exit in the meantime. (Secret Service API specification,
 * org.freedesktop.Secret.Service.ReadAlias, Collection.Locked.)
 */
export async function secretServiceState(
  environment: Environment,
  timeoutMs: number,
): Promise<SecretServiceState> {
  const { state } = await withBus(environment, timeoutMs, async (bus) => ({ state: await stateOf(bus) }));
  return state;
}

/**
 * The text of the item with these attributes, in one conversation of three turns. If the service
 * does not give it at once, for any reason, null and the service's state: keytar then continues. A
 * text that is given was not locked.
 */
export async function secretServiceItem(
  environment: Environment,
  attributes: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<{ state: SecretServiceState; value: Secret | null }> {
  const seen = await withBus(environment, timeoutMs, async (bus) => {
    const value = await valueOfItem(bus, attributes).catch(() => null);
    const state = value === null ? await stateOf(bus) : { is: 'unlocked' as const };
    return { state, value };
  });
  return { value: null, ...seen };
}

async function withBus<T extends { state: SecretServiceState }>(
  environment: Environment,
  timeoutMs: number,
  ask: (bus: SessionBus) => Promise<T>,
): Promise<T | { state: SecretServiceState }> {
  const unavailable = (why: string) => ({ state: { is: 'unavailable' as const, why } });
  const socket = sessionBusSocket(environment);
  if (socket === null) return unavailable('there is no session bus');
  const bus = new SessionBus(socket, timeoutMs);
  try {
    await greetSecretService(bus);
    return await ask(bus);
  } catch (error) {
    return unavailable(bus.isLate ? 'the Secret Service does not answer' : reason(error));
  } finally {
    bus.close();
  }
}

async function stateOf(bus: SessionBus): Promise<SecretServiceState> {
  const keyring = readText(await bus.call({ ...secretService, member: 'ReadAlias', arguments: ['default'] }));
  if (!keyring.startsWith('/') || keyring === '/') return { is: 'empty' };
  const locked = await bus.call({
    destination: secretService.destination,
    path: keyring,
    interface: 'org.freedesktop.DBus.Properties',
    member: 'Get',
    arguments: ['org.freedesktop.Secret.Collection', 'Locked'],
  });
  return { is: readBoolean(locked) ? 'locked' : 'unlocked' };
}

/** (Secret Service API specification: OpenSession, SearchItems, Item.GetSecret.) */
async function valueOfItem(
  bus: SessionBus,
  attributes: Readonly<Record<string, string>>,
): Promise<Secret | null> {
  const [session, found] = await Promise.all([
    openSecretSession(bus),
    bus.call({ ...secretService, member: 'SearchItems', arguments: [{ attributes }] }),
  ]);
  // Unlocked items come first; the list of locked ones after them is not read.
  const [item] = new ReplyReader(found).texts();
  return item === undefined ? null : await session.read(item);
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'the session bus does not work';
  if ('code' in error && typeof error.code === 'string')
    return error.code === 'ENOENT' ? 'there is no session bus' : `there is no session bus (${error.code})`;
  return `there is no Secret Service (${error.message.slice(0, 160)})`;
}
