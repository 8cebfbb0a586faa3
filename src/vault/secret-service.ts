import type { Environment } from '../system/index.ts';
import { readBoolean, readText, SessionBus, sessionBusSocket } from './session-bus.ts';

/**
 * What the Secret Service says of itself. `unavailable`: nobody answers, and why. `empty`: it has no keyring to put
 * anything in.
 */
export type SecretServiceState =
  | { readonly is: 'unlocked' | 'locked' | 'empty' }
  | { readonly is: 'unavailable'; readonly why: string };

const service = { destination: 'org.freedesktop.secrets', path: '/org/freedesktop/secrets' };

/**
 * Asks the Secret Service for its default keyring and whether that is locked, within `timeoutMs`; opens no prompt. Asked
 * before keytar is: a service that hangs holds keytar's thread for 25 s a call, and the process cannot exit meanwhile.
 * (Secret Service API specification, org.freedesktop.Secret.Service.ReadAlias, Collection.Locked.)
 */
export async function secretServiceState(
  environment: Environment,
  timeoutMs: number,
): Promise<SecretServiceState> {
  const socket = sessionBusSocket(environment);
  if (socket === null) return { is: 'unavailable', why: 'there is no session bus' };
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeoutMs);
  try {
    const bus = await SessionBus.open(socket, limit.signal);
    try {
      return await ask(bus);
    } finally {
      bus.close();
    }
  } catch (error) {
    return {
      is: 'unavailable',
      why: limit.signal.aborted ? 'the Secret Service does not answer' : reason(error),
    };
  } finally {
    clearTimeout(timer);
    limit.abort();
  }
}

async function ask(bus: SessionBus): Promise<SecretServiceState> {
  const keyring = readText(
    await bus.call({
      ...service,
      interface: 'org.freedesktop.Secret.Service',
      member: 'ReadAlias',
      arguments: ['default'],
    }),
  );
  if (!keyring.startsWith('/') || keyring === '/') return { is: 'empty' };
  const locked = await bus.call({
    destination: service.destination,
    path: keyring,
    interface: 'org.freedesktop.DBus.Properties',
    member: 'Get',
    arguments: ['org.freedesktop.Secret.Collection', 'Locked'],
  });
  return { is: readBoolean(locked) ? 'locked' : 'unlocked' };
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'the session bus does not work';
  if ('code' in error && typeof error.code === 'string') return `there is no session bus (${error.code})`;
  return `there is no Secret Service (${error.message.slice(0, 160)})`;
}
