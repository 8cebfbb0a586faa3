/**
 * Lines about the identity of a plan's profiles that are not used, because the SDKs use another
 * line.
 */
import { hasKeysBesideRole, type OtherSource, otherSources, type Place } from '../profiles/index.ts';
import { printable } from '../system/index.ts';
import type { SourceStep } from './plan-steps.ts';
import { type ProfileSettings, type Setting, showPlace } from './profile-settings.ts';

export interface IgnoredLine {
  readonly key: string;
  readonly place: Place;
  readonly why: string;
  /** True for a source_profile that aws-vault uses nevertheless. */
  readonly isUsedByAwsVault?: boolean;
}

/**
 * `links` is the chain down to the profile with the first credentials, `roles` the profiles whose
 * role is assumed.
 */
export function ignoredLinesOf(
  links: readonly ProfileSettings[],
  roles: readonly ProfileSettings[],
  source: SourceStep,
): IgnoredLine[] {
  const base = links.at(-1);
  return [
    ...links.flatMap((link) => ignoredKeys(link, link === base ? source : null)),
    ...(base === undefined ? [] : ignoredRole(base, roles, source)),
    ...(base === undefined ? [] : ignoredSource(base, source)),
  ];
}

export function lineText({ key, place, why }: IgnoredLine): string {
  return `${showPlace(place)}: ${key} is ignored: ${why}`;
}

/** `source` is null for a profile that is not the last one. */
function ignoredKeys(link: ProfileSettings, source: SourceStep | null): IgnoredLine[] {
  if (source?.kind === 'static-keys' || source?.kind === 'stored-keys') return [];
  if (!hasKeysBesideRole(link.profile)) return [];
  const used = [
    'source_profile',
    'credential_source',
    'web_identity_token_file',
    'web_identity_token_process',
  ]
    .map((key) => ({ key, setting: link.find(key) }))
    .find(({ setting }) => setting !== null);
  if (used === undefined) return [];
  const why = `the role of profile ${shown(link)} begins with its ${used.key} (${used.setting?.from})`;
  return ignored('aws_access_key_id', link.property('aws_access_key_id'), why);
}

/** In a source profile, keys in plain text take precedence over its own role. */
function ignoredRole(
  base: ProfileSettings,
  roles: readonly ProfileSettings[],
  source: SourceStep,
): IgnoredLine[] {
  if (source.kind !== 'static-keys' || roles.includes(base)) return [];
  const why = `profile ${shown(base)} is a source here, and AWS SDKs take its own keys (${showPlace(source.place)}) for one`;
  return ignored('role_arn', base.property('role_arn'), why);
}

/** What a role begins with: beside plain-text keys, ignoredRole and the rules above report these. */
const keysOfRole = ['source_profile', 'credential_source', 'web_identity_token_file'];

/** The sources, other than those of a role, that a profile names beside its plain-text keys. */
export function otherSourcesBeside({ profile }: ProfileSettings): OtherSource[] {
  return otherSources(profile).filter(({ key }) => !keysOfRole.includes(key));
}

/**
 * The last profile of a chain may still name a source. It is not used with a stored key, and a
 * source_profile is not used without a role.
 */
function ignoredSource(base: ProfileSettings, source: SourceStep): IgnoredLine[] {
  if (source.kind === 'stored-keys') {
    const why = `the access key that is stored for profile ${JSON.stringify(printable(source.profile))} is used`;
    return otherSources(base.profile).flatMap(({ key }) => ignored(key, base.property(key), why));
  }
  if (source.kind === 'static-keys' && base.property('aws_access_key_id') !== null) {
    const why = `the access key in plain text is used (${showPlace(source.place)}); not every AWS SDK uses it first`;
    const others = otherSourcesBeside(base);
    if (others.length > 0) return others.flatMap(({ key }) => ignored(key, base.property(key), why));
  }
  if (base.find('role_arn') !== null) return [];
  const why = `profile ${shown(base)} has no role_arn, so its own credentials are used`;
  return ignored('source_profile', base.property('source_profile'), why).map((line) => ({
    ...line,
    isUsedByAwsVault: true,
  }));
}

function ignored(key: string, setting: Setting | null, why: string): IgnoredLine[] {
  return setting?.place == null ? [] : [{ key, place: setting.place, why }];
}

function shown(link: ProfileSettings): string {
  return JSON.stringify(printable(link.name));
}
