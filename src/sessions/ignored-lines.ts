/** Lines of a plan's profiles that say who they are and that are not used, because the SDKs take another line. */
import { hasKeysBesideRole, type Place } from '../profiles/index.ts';
import { printable } from '../system/index.ts';
import type { SourceStep } from './plan-steps.ts';
import { type ProfileSettings, type Setting, showPlace } from './profile-settings.ts';

export interface IgnoredLine {
  readonly key: string;
  readonly place: Place;
  readonly why: string;
}

/** `links` is the chain down to the profile whose credentials begin it, `roles` those whose role is assumed. */
export function ignoredLinesOf(
  links: readonly ProfileSettings[],
  roles: readonly ProfileSettings[],
  source: SourceStep,
): IgnoredLine[] {
  const base = links.at(-1);
  return [
    ...links.flatMap((link) => ignoredKeys(link, link === base ? source : null)),
    ...(base === undefined ? [] : ignoredRole(base, roles, source)),
    ...(base === undefined ? [] : ignoredSource(base)),
  ];
}

export function lineText({ key, place, why }: IgnoredLine): string {
  return `${showPlace(place)}: ${key} is ignored: ${why}`;
}

/** `source` is null for a profile above the last one. */
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

/** As a source, keys in plain text come before the profile's own role. */
function ignoredRole(
  base: ProfileSettings,
  roles: readonly ProfileSettings[],
  source: SourceStep,
): IgnoredLine[] {
  if (source.kind !== 'static-keys' || roles.includes(base)) return [];
  const why = `profile ${shown(base)} is a source here, and AWS SDKs take its own keys (${showPlace(source.place)}) for one`;
  return ignored('role_arn', base.property('role_arn'), why);
}

/** The last profile of a chain may still name a source: it is not used if there is no role to assume with it. */
function ignoredSource(base: ProfileSettings): IgnoredLine[] {
  if (base.find('role_arn') !== null) return [];
  const why = `profile ${shown(base)} has no role_arn, so its own credentials are used`;
  return ignored('source_profile', base.property('source_profile'), why);
}

function ignored(key: string, setting: Setting | null, why: string): IgnoredLine[] {
  return setting?.place == null ? [] : [{ key, place: setting.place, why }];
}

function shown(link: ProfileSettings): string {
  return JSON.stringify(printable(link.name));
}
