/**
 * Finds identity properties that are present but empty; continuing would mean guessing the
 * profile's identity.
 */
import { type AwsFiles, includedSections, type Property } from '../profiles/index.ts';
import { printable, UsageError } from '../system/index.ts';
import { correctionOf, type ProfileSettings, showPlace } from './profile-settings.ts';

/** By property, what an empty one would mean and why it is an error. */
const reasons = {
  role_arn: 'without its role, the profile would be its source: the AWS CLI stops here',
  source_profile: 'the role has no credentials to start from: the AWS CLI stops here',
  credential_source: 'the role has no credentials to start from: the AWS CLI stops here',
  web_identity_token_file: 'the AWS CLI does not assume the role of such a profile, and other SDKs do',
  sso_session: 'the AWS CLI looks for an [sso-session] of this name, and stops here',
  credential_process: 'the AWS CLI would run an empty command, and stops here',
  login_session: 'the AWS CLI looks for a sign-in without a name, and stops here',
} as const;

type IdentityKey = keyof typeof reasons;

/**
 * An error, with file and line, for each identity property that the profile leaves empty (`role_arn
 * =`, or a value that is commented out) if botocore would stop there or the SDKs would disagree. An
 * empty property that no SDK uses is ignored.
 */
export function emptyIdentityKeys(
  link: ProfileSettings,
  files: AwsFiles,
  usesStoredKey: boolean,
): UsageError[] {
  const sections = includedSections(files, link.name);
  return (Object.keys(reasons) as IdentityKey[]).flatMap((key) => {
    const property = sections.find(({ properties }) => properties.has(key))?.properties.get(key);
    if (property === undefined || property.value !== '') return [];
    return isLookedAt(key, link, files, usesStoredKey) ? [emptyKey(key, property, link)] : [];
  });
}

function isLookedAt(
  key: IdentityKey,
  link: ProfileSettings,
  files: AwsFiles,
  usesStoredKey: boolean,
): boolean {
  const has = (name: string) => link.property(name) !== null;
  switch (key) {
    case 'role_arn':
      // If a variable or an option names the role, there is nothing to guess.
      return link.find('role_arn')?.place !== null;
    case 'source_profile':
    case 'credential_source':
    case 'web_identity_token_file':
      return has('role_arn');
    case 'sso_session':
      return !usesStoredKey && (has('sso_account_id') || has('sso_role_name'));
    case 'credential_process':
    case 'login_session':
      return !usesStoredKey && !hasEarlierSource(link, files);
  }
}

/**
 * True for sources that every SDK uses before `login_session` and `credential_process`. Keys in the
 * config file do not count: botocore uses them last.
 */
function hasEarlierSource(link: ProfileSettings, { credentialsPath }: AwsFiles): boolean {
  const earlier = ['source_profile', 'credential_source', 'web_identity_token_file', 'sso_account_id'];
  if (earlier.some((key) => link.property(key) !== null)) return true;
  return link.property('aws_access_key_id')?.place?.file === credentialsPath;
}

function emptyKey(key: IdentityKey, { place }: Property, link: ProfileSettings): UsageError {
  const from = showPlace(place);
  return new UsageError(
    `${from}: ${key} of profile ${JSON.stringify(printable(link.name))} is empty`,
    `${reasons[key]}; write the value, or remove the line (text after a # that follows a space is a comment)`,
    correctionOf({ value: '', from, place }),
  );
}
