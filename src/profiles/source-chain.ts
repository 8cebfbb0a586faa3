import { keyHolder, type SourceKind, sourceKindsOf } from './identity.ts';
import { CycleError, missingProfile, requireUsable, resolveProfile } from './resolve.ts';
import type { AwsFiles, ResolvedProfile } from './section.ts';

/**
 *
 * The profile, its `source_profile`, that one's, and so on; credentials begin at the last one.
 * `hasKeys` tells which profiles have stored keys. Such a profile ends the chain (in aws-vault,
 * stored keys take precedence over source_profile) and need not be in a file. So does a profile
 * with other credentials of its own and no role, and one whose keys are a source: see {@link
 * standsAlone} and {@link isKeySource}.
 *
 * Throws UsageError if the chain is a cycle, which it shows, names a profile that does not exist,
 * or reaches a malformed section.
 */
export function sourceChain(
  files: AwsFiles,
  name: string,
  hasKeys: (name: string) => boolean = () => false,
): ResolvedProfile[] {
  return [...chainLinks(files, name, hasKeys)];
}

/** The profiles of the chain in order. Throws as {@link sourceChain} does. */
export function* chainLinks(
  files: AwsFiles,
  name: string,
  hasKeys: (name: string) => boolean,
): Generator<ResolvedProfile, void> {
  let user: ResolvedProfile | undefined;
  const names = new Set([name]);
  for (let next = name; ; ) {
    requireUsable(files, next);
    const profile = resolveProfile(files, next);
    yield profile;
    const source = profile.properties.get('source_profile');
    if (!source?.value || keyHolder(files, next, hasKeys) !== null) return;
    if (standsAlone(files, profile) || isKeySource(profile, user)) return;
    user = profile;
    if (names.has(source.value)) {
      throw new CycleError('source_profile', [...names, source.value], source);
    }
    names.add(source.value);
    next = source.value;
    if (!files.profiles.has(next) && !hasKeys(next)) {
      throw missingProfile(files, source, `source_profile of ${JSON.stringify(profile.name)}`);
    }
  }
}

/**
 * True for a profile with credentials of its own that names a source but no role to assume with it:
 * as in every SDK, its own are used. They count as its own if they are in the section with the
 * `source_profile`.
 */
function standsAlone(files: AwsFiles, { name, properties, inheritedFrom }: ResolvedProfile): boolean {
  const own = files.profiles.get(inheritedFrom.get('source_profile') ?? name);
  if (own === undefined || properties.get('role_arn')?.value) return false;
  const kinds = sourceKindsOf(own);
  return ['keys', 'process', 'sso', 'login'].some((kind) => kinds.has(kind as SourceKind));
}

/**
 * True if a role is assumed with the keys in plain text that this profile has in addition to its
 * own role. For a source profile, botocore and the SDK for JavaScript use such keys and ignore the
 * role; with a web identity token, botocore uses the role.
 */
export function isKeySource(profile: ResolvedProfile, user: ResolvedProfile | undefined): boolean {
  if (!user?.properties.get('role_arn')?.value || !hasKeysBesideRole(profile)) return false;
  return !sourceKindsOf(profile).has('web identity');
}

/**
 * True for a section with a role and a complete key in plain text. By include_profile the two may
 * be combined on purpose.
 */
export function hasKeysBesideRole({ properties, inheritedFrom }: ResolvedProfile): boolean {
  const parts = ['role_arn', 'aws_access_key_id', 'aws_secret_access_key'];
  return (
    parts.every((key) => properties.get(key)?.value) &&
    inheritedFrom.get('role_arn') === inheritedFrom.get('aws_access_key_id')
  );
}
