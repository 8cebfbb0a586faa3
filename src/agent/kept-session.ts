import { type Credentials, epochSeconds, Secret } from '../system/index.ts';
import type { Lines } from './client.ts';

/**
 * A session in the agent's memory: never a long-term key, so it always has a token and an
 * expiration.
 */
export interface KeptSession {
  /** The plan's id for it: a hash of everything it depends on. */
  readonly id: string;
  readonly profile: string;
  readonly credentials: Credentials & { readonly sessionToken: Secret; readonly expiration: Date };
}

/**
 * The session with its id, or null if these are not temporary credentials, which the agent does not
 * accept.
 */
export function keptSession(id: string, profile: string, credentials: Credentials): KeptSession | null {
  const { sessionToken, expiration } = credentials;
  if (sessionToken === null || expiration === null) return null;
  return { id, profile, credentials: { ...credentials, sessionToken, expiration } };
}

/**
 * The form of a session in `put` and `have`, the only part of the agent's protocol that carries
 * secrets.
 */
export function sessionLines({ id, profile, credentials }: KeptSession): Lines {
  const { accessKeyId, secretAccessKey, sessionToken, expiration, accountId, arn } = credentials;
  return [
    ['session', id],
    ['profile', profile],
    ['expires', String(epochSeconds(expiration))],
    ['key', accessKeyId],
    ['secret', secretAccessKey.reveal()],
    ['token', sessionToken.reveal()],
    ...(accountId === null ? [] : ([['account', accountId]] as const)),
    ...(arn === null ? [] : ([['arn', arn]] as const)),
  ];
}

/** The inverse of {@link sessionLines}; null if a line is missing or malformed. */
export function readSession(lines: ReadonlyMap<string, string>): KeptSession | null {
  const [id, profile, expires] = [lines.get('session'), lines.get('profile'), lines.get('expires')];
  const [key, secret, token] = [lines.get('key'), lines.get('secret'), lines.get('token')];
  if (!isSessionId(id) || !profile || !key || !secret || !token) return null;
  if (expires === undefined || !/^[0-9]{1,12}$/.test(expires)) return null;
  return {
    id,
    profile,
    credentials: {
      accessKeyId: key,
      secretAccessKey: new Secret(secret),
      sessionToken: new Secret(token),
      expiration: new Date(Number(expires) * 1000),
      accountId: lines.get('account') ?? null,
      arn: lines.get('arn') ?? null,
    },
  };
}

/** As in the vault's index. */
export function isSessionId(text: string | undefined): text is string {
  return text !== undefined && /^[A-Za-z0-9_-]{1,128}$/.test(text);
}
