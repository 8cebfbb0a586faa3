import { type AwsFiles, findProfile, resolveProfile } from '../profiles/index.ts';
import { isSignedIn } from './sso/token.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * The SSO sessions, by name or start URL, that the AWS CLI is signed in to now: those of the profile, or of all the config
 * file has. The tokens are the CLI's own files, which other programs use as well: awsh reads them and removes none.
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
  const { properties } = resolveProfile(files, name);
  return properties.get('sso_session')?.value || properties.get('sso_start_url')?.value || null;
}
