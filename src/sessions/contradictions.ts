import type { AwsFiles, Section } from '../profiles/index.ts';
import { printable, UsageError } from '../system/index.ts';
import { correctionOf, type ProfileSettings, type Setting, showPlace } from './profile-settings.ts';

/**
 * An error for each pair of contradictory lines in a profile. The AWS CLI stops at each of them,
 * too. `usesStoredKey`: the profile's key is in the vault, so a pair in plain text is not read.
 */
export function contradictionsOf(
  link: ProfileSettings,
  files: AwsFiles,
  usesStoredKey: boolean,
): UsageError[] {
  const sources = twoSources(link);
  return usesStoredKey ? sources : [...sources, ...halfKey(link, files), ...keyInTwoFiles(link)];
}

function twoSources(link: ProfileSettings): UsageError[] {
  const [source, other] = [link.property('source_profile'), link.property('credential_source')];
  if (source === null || other === null) return [];
  return [
    new UsageError(
      `${shown(link)} has both source_profile (${source.from}) and credential_source (${other.from})`,
      'credentials come from one place; the AWS CLI stops here, too: remove one of the two lines',
      correctionOf(source),
    ),
  ];
}

function halfKey(link: ProfileSettings, files: AwsFiles): UsageError[] {
  const [id, secret] = [link.property('aws_access_key_id'), link.property('aws_secret_access_key')];
  const half = id ?? secret;
  if (half === null || (id !== null && secret !== null)) return [];
  const [there, missing] =
    id === null
      ? ['aws_secret_access_key', 'aws_access_key_id']
      : ['aws_access_key_id', 'aws_secret_access_key'];
  const empty = link.profile.properties.get(missing);
  const where = empty === undefined ? 'which is missing' : `which is empty (${showPlace(empty.place)})`;
  return [
    new UsageError(
      `${half.from}: ${there} of ${shown(link)} without its ${missing}, ${where}`,
      `half a key cannot sign requests; ${cliOfHalfKey(link, half, id !== null, files)}: add the missing line, or remove this one and store the key with awsh add`,
      correctionOf(half),
    ),
  ];
}

/**
 * What the AWS CLI does with half a key, by botocore's order: it ignores a secret without an id,
 * and other sources may come first.
 */
function cliOfHalfKey(
  link: ProfileSettings,
  half: Setting,
  isId: boolean,
  { credentialsPath }: AwsFiles,
): string {
  const role = link.property('role_arn') === null ? [] : ['source_profile', 'credential_source'];
  const first = [...role, 'web_identity_token_file', 'sso_account_id', 'sso_role_name'];
  const isFirst = isId && half.place?.file === credentialsPath;
  const used = [...first, ...(isFirst ? [] : ['login_session', 'credential_process'])]
    .map((key) => ({ key, setting: link.property(key) }))
    .find(({ setting }) => setting !== null);
  if (used !== undefined) return `the AWS CLI ignores it and uses ${used.key} (${used.setting?.from})`;
  return isId || role.length > 0
    ? 'the AWS CLI stops here, too (partial credentials)'
    : 'the AWS CLI finds no credentials here (unable to locate credentials)';
}

/**
 * The two files are merged property by property, but an access key must not be: its id, its secret
 * and its token must be in one file.
 */
function keyInTwoFiles(link: ProfileSettings): UsageError[] {
  const id = link.property('aws_access_key_id');
  if (id === null) return [];
  return ['aws_secret_access_key', 'aws_session_token', 'aws_security_token'].flatMap((key) => {
    const part = link.property(key);
    if (part === null || part.place?.file === id.place?.file) return [];
    return new UsageError(
      `${shown(link)} has its aws_access_key_id in one file (${id.from}) and its ${key} in the other (${part.from})`,
      'the two may belong to different keys, and the SDKs disagree about them: keep all parts of one key in one file, and remove the others',
      correctionOf(part),
    );
  });
}

/** An error for each property in which a profile that names an [sso-session] differs from it. */
export function ssoContradictions(link: ProfileSettings, session: Section, name: Setting): UsageError[] {
  return [...session.properties].flatMap(([key, { value, place }]) => {
    const own = link.property(key);
    // include_profile may bring values of another sign-in; in that case the [sso-session] counts.
    const isOwn =
      link.profile.inheritedFrom.get(key) === link.profile.inheritedFrom.get('sso_session') && own !== null;
    if (!key.startsWith('sso_') || !value || !isOwn || own.value === value) return [];
    return new UsageError(
      `${own.from}: ${key} of ${shown(link)} differs from its [sso-session ${printable(name.value)}] (${showPlace(place)})`,
      'a profile that names an sso-session has this key from it; the AWS CLI stops here, too: remove this line',
      correctionOf(own),
    );
  });
}

function shown(link: ProfileSettings): string {
  return `profile ${JSON.stringify(printable(link.name))}`;
}
