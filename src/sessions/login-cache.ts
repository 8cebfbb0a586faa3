import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { jsonFields, operandWord, readFileIfThere, rfc3339, type Secret } from '../system/index.ts';
import type { LoginStep } from './plan-steps.ts';
import type { SignInFacts, SignInState } from './sso/sign-in-state.ts';
import { wordOf } from './sso/token-file.ts';
import { homeOf, type Surroundings } from './surroundings.ts';

/** What a sign-in of `aws login` belongs to. */
export type LoginKey = Pick<LoginStep, 'profile' | 'loginSession' | 'cacheFolder'>;

/**
 * The path where `aws login` stores a session: the file name is the SHA-256 of the session's name
 * (botocore, LoginProvider).
 */
export function loginCachePath(
  { cacheFolder, loginSession }: Pick<LoginKey, 'cacheFolder' | 'loginSession'>,
  surroundings: Surroundings,
): string {
  return join(
    cacheFolder ?? loginCacheFolder(surroundings),
    `${createHash('sha256').update(loginSession).digest('hex')}.json`,
  );
}

export function loginCacheFolder(surroundings: Surroundings): string {
  return surroundings.AWS_LOGIN_CACHE_DIRECTORY || join(homeOf(surroundings), '.aws', 'login', 'cache');
}

/**
 * The state of a sign-in of `aws login`, from its file. Its keys are valid for 15 minutes and
 * renewed with a refresh token, whose expiry is not in the file.
 */
export function loginState(key: LoginKey, { surroundings, now }: SignInFacts): SignInState {
  const session = key.loginSession;
  const file = readLogin(loginCachePath(key, surroundings));
  const next = loginCommand(key.profile);
  if (file === null) {
    const none = { until: null, renewable: false, why: null, by: null };
    return { session, state: 'not signed in', ...none, next };
  }
  const { ends, renewable } = file;
  const isGood = ends > now;
  return {
    session,
    state: isGood ? 'signed in' : renewable ? 'renewed when needed' : 'ended',
    until: Number.isNaN(ends) ? null : rfc3339(new Date(ends)),
    renewable,
    why: renewable ? null : 'its file has no refresh token',
    by: null,
    next: isGood || renewable ? null : next,
  };
}

/**
 * The refresh token in the file; null if there is none. It changes with each renewal and each
 * sign-in.
 */
export function refreshTokenIn(path: string): Secret | null {
  return wordOf(fieldsOf(path).refreshToken);
}

/** The command that signs in for a profile with `login_session`. */
export function loginCommand(profile: string): string {
  return `awsh sso login ${operandWord(profile)}`;
}

/**
 * The expiry of the keys in the file (epoch milliseconds), and whether they can be renewed; null if
 * it has none.
 */
function readLogin(path: string): { ends: number; renewable: boolean } | null {
  const fields = fieldsOf(path);
  const { accessToken } = fields;
  if (typeof accessToken !== 'object' || accessToken === null || !('secretAccessKey' in accessToken))
    return null;
  const { expiresAt } = accessToken as { expiresAt?: unknown };
  return {
    ends: typeof expiresAt === 'string' ? Date.parse(expiresAt) : Number.NaN,
    renewable: wordOf(fields.refreshToken) !== null && typeof fields.dpopKey === 'string',
  };
}

function fieldsOf(path: string): Readonly<Record<string, unknown>> {
  try {
    return jsonFields(readFileIfThere(path) ?? '');
  } catch {
    return {};
  }
}
