import type { Section } from '../profiles/index.ts';
import { printable, UsageError } from '../system/index.ts';
import { correctionOf, type ProfileSettings, type Setting, showPlace } from './profile-settings.ts';

/**
 * UsageError where a profile says two things about its credentials that cannot both hold. The AWS CLI stops at each of
 * them, too. `usesStoredKey`: its key is in the vault, so nothing is read from a pair in plain text.
 */
export function requireConsistent(link: ProfileSettings, usesStoredKey: boolean): void {
  const [source, other] = [link.property('source_profile'), link.property('credential_source')];
  if (source !== null && other !== null) {
    throw new UsageError(
      `${shown(link)} has both source_profile (${source.from}) and credential_source (${other.from})`,
      'credentials come from one place; the AWS CLI stops here, too: remove one of the two lines',
      correctionOf(source),
    );
  }
  if (usesStoredKey) return;
  requireWholeKey(link);
  requireOneFile(link);
}

function requireWholeKey(link: ProfileSettings): void {
  const [id, secret] = [link.property('aws_access_key_id'), link.property('aws_secret_access_key')];
  const half = id ?? secret;
  if (half === null || (id !== null && secret !== null)) return;
  const [there, missing] =
    id === null
      ? ['aws_secret_access_key', 'aws_access_key_id']
      : ['aws_access_key_id', 'aws_secret_access_key'];
  const empty = link.profile.properties.get(missing);
  const where = empty === undefined ? 'which is missing' : `which is empty (${showPlace(empty.place)})`;
  throw new UsageError(
    `${half.from}: ${there} of ${shown(link)} without its ${missing}, ${where}`,
    `half a key signs nothing; the AWS CLI stops here, too (partial credentials): add the missing line, or remove this one and store the key with awsh add`,
    correctionOf(half),
  );
}

/** The files are merged key by key, and a key of AWS never is: its id, its secret and its token belong to one file. */
function requireOneFile(link: ProfileSettings): void {
  const id = link.property('aws_access_key_id');
  if (id === null) return;
  for (const key of ['aws_secret_access_key', 'aws_session_token', 'aws_security_token']) {
    const part = link.property(key);
    if (part === null || part.place?.file === id.place?.file) continue;
    throw new UsageError(
      `${shown(link)} has its aws_access_key_id in one file (${id.from}) and its ${key} in the other (${part.from})`,
      'the two may belong to different keys, and the SDKs disagree about them: keep all parts of one key in one file, and remove the others',
      correctionOf(part),
    );
  }
}

/** UsageError where a profile names an [sso-session] and says something else than it itself. */
export function requireSameSso(link: ProfileSettings, session: Section, name: Setting): void {
  for (const [key, { value, place }] of session.properties) {
    const own = link.property(key);
    // By include_profile the values of another sign-in may come along: there the [sso-session] counts.
    const isOwn =
      link.profile.inheritedFrom.get(key) === link.profile.inheritedFrom.get('sso_session') && own !== null;
    if (!key.startsWith('sso_') || !value || !isOwn || own.value === value) continue;
    throw new UsageError(
      `${own.from}: ${key} of ${shown(link)} is not that of its [sso-session ${printable(name.value)}] (${showPlace(place)})`,
      'a profile that names an sso-session has this key from it; the AWS CLI stops here, too: remove this line',
      correctionOf(own),
    );
  }
}

function shown(link: ProfileSettings): string {
  return `profile ${JSON.stringify(printable(link.name))}`;
}
