// Profiles with sso_start_url and no sso_session: AWS gives their sign-ins no refresh token.
import { type AwsFiles, findProfile, profileNames } from '../../profiles/index.ts';
import { profileOption, shellCommand, shellWord } from '../../system/index.ts';

/** What such a profile signs in to. */
export interface LegacyPortal {
  readonly profile: string;
  readonly startUrl: string;
  readonly region: string;
}

/**
 * The command that makes the sign-in renewable: it adds an [sso-session] for the start URL, or
 * names an existing one in the profile.
 */
export function renewableCommand({ profile, startUrl, region }: LegacyPortal, files: AwsFiles): string {
  const value = (name: string, key: string) => files.ssoSessions.get(name)?.properties.get(key)?.value;
  const session = [...files.ssoSessions.keys()].find(
    (name) => value(name, 'sso_start_url') === startUrl && value(name, 'sso_region') === region,
  );
  if (session !== undefined)
    return `aws configure set sso_session ${shellWord(session)} ${profileOption(profile)}`;
  const name = sessionName(startUrl, files);
  return shellCommand`awsh sso add ${name} --start-url ${startUrl} --sso-region ${region}`;
}

/** `corp` for https://corp.awsapps.com/start; with a number if another session has that name. */
function sessionName(startUrl: string, { ssoSessions }: AwsFiles): string {
  const [first = ''] = URL.canParse(startUrl) ? new URL(startUrl).hostname.split('.') : [];
  const base = /^[a-z][a-z0-9-]*$/.test(first) ? first : 'sso';
  let name = base;
  for (let number = 2; ssoSessions.has(name); number++) name = `${base}-${number}`;
  return name;
}

/** The profiles with this start URL and region in their own section, and without a session. */
export function legacyProfiles(
  { startUrl, region }: Omit<LegacyPortal, 'profile'>,
  files: AwsFiles,
): string[] {
  return profileNames(files).filter((name) => {
    const value = (key: string) => findProfile(files, name)?.properties.get(key)?.value;
    return value('sso_start_url') === startUrl && value('sso_region') === region && !value('sso_session');
  });
}
