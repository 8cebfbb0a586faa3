import { type AwsFiles, findProfile, resolveProfile } from '../profiles/index.ts';
import { AwshError } from '../system/index.ts';
import { type LoginKey, loginState } from './login-cache.ts';
import { isSignedIn } from './sso/token.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * The SSO sessions, by name or start URL, with a present sign-in: those of the profile, or all in
 * the config file. The token files are shared with the AWS CLI and other programs; awsh reads them
 * and removes none.
 */
export function ssoSignIns(
  files: AwsFiles,
  profile: string | null,
  { surroundings, now }: { surroundings: Surroundings; now: number },
): string[] {
  const names = profile === null ? [...files.profiles.keys()] : [profile];
  const sessions = new Set(profile === null ? files.ssoSessions.keys() : []);
  for (const name of names) {
    const session = findProfile(files, name) === null ? null : sessionOf(files, name);
    if (session !== null) sessions.add(session);
  }
  return [...sessions].filter((session) => isSignedIn(session, surroundings, now));
}

function sessionOf(files: AwsFiles, name: string): string | null {
  return settingOf(files, name, 'sso_session') ?? settingOf(files, name, 'sso_start_url');
}

/** A profile that cannot be read has no sign-in; those of the others are still listed. */
function settingOf(files: AwsFiles, name: string, key: string): string | null {
  try {
    return resolveProfile(files, name).properties.get(key)?.value || null;
  } catch (error) {
    if (error instanceof AwshError) return null;
    throw error;
  }
}

/**
 * A profile for each usable sign-in of `aws login`: only the given one, or all in the config file.
 */
export function loginSignIns(
  files: AwsFiles,
  profile: string | null,
  { surroundings, now }: { surroundings: Surroundings; now: number },
): LoginKey[] {
  const keys = loginKeys(files, profile);
  return keys.filter((key) => loginState(key, { surroundings, state: '', now }).next === null);
}

/** A profile for each `login_session`: that of the given profile, or all in the config file. */
export function loginKeys(files: AwsFiles, profile: string | null = null): LoginKey[] {
  const names = profile === null ? [...files.profiles.keys()] : [profile];
  const bySession = new Map<string, LoginKey>();
  for (const name of names) {
    const loginSession = findProfile(files, name) === null ? null : settingOf(files, name, 'login_session');
    if (loginSession === null || bySession.has(loginSession)) continue;
    bySession.set(loginSession, { profile: name, loginSession, cacheFolder: null });
  }
  return [...bySession.values()];
}
