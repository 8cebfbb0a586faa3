import {
  type AwsFiles,
  identityKind,
  includedSections,
  profileNames,
  type SourceKind,
  sourceKindsOf,
} from '../../profiles/index.ts';
import { AwshError } from '../../system/index.ts';
import { type Finding, note } from '../finding.ts';
import type { Check, Scene } from '../scene.ts';
import { editAt, shownPlace, someOf } from '../shown.ts';

/**
 * The properties that earlier versions took from [default]; the first one that a profile had was
 * used.
 */
const inheritedOnce: readonly SourceKind[] = [
  'source_profile',
  'credential_source',
  'sso',
  'web identity',
  'process',
];

/**
 * Profiles that get [default]'s identity in earlier versions of awsh and in aws-vault. awsh no
 * longer does this (security rule 31), so users who relied on it are told here, and not only by the
 * error of a command.
 */
export const inheritedIdentity: Check = {
  name: 'inherited-identity',
  run(scene): Finding[] {
    const { files, keys, paths } = scene;
    const fallback = files?.profiles.get('default');
    if (files === null || fallback === undefined) return [];
    const hasRole = Boolean(fallback.properties.get('role_arn')?.value);
    const sources = sourceKindsOf(fallback);
    const given = inheritedOnce.filter((kind) => sources.has(kind));
    const names = new Set([...profileNames(files), ...keys.map(({ profile }) => profile)]);
    const stored = new Set(keys.map(({ profile }) => profile));
    const others = (name: string) => wasAnother(name, hasRole, given, { files, stored });
    const changed = hasRole || given.length > 0 ? [...names].filter(others) : [];
    const parts = inheritedParts(scene, changed);
    if (changed.length === 0) return parts;
    const first = [...fallback.properties].find(([key, { value }]) => value && identityKind(key) !== null);
    const place = first?.[1].place ?? fallback.place;
    return [
      note(
        `${changed.length === 1 ? '1 profile no longer takes its identity' : `${changed.length} profiles no longer take their identity`} from [default] (${shownPlace(place, paths)}): ${someOf(changed)}`,
        'as in the AWS SDKs, a profile does not inherit a role or credentials from [default]; in aws-vault and awsh 0.1 it did; to inherit them again, write include_profile = default into the profile',
        editAt(files.profiles.get(changed[0] ?? '')?.place ?? place),
      ),
      ...parts,
    ];
  },
};

/**
 * The profiles with their own role or sign-in that took a part of it from [default], by that part.
 */
function inheritedParts({ files, paths }: Scene, known: readonly string[]): Finding[] {
  const fallback = files?.profiles.get('default');
  if (files === null || files === undefined || fallback === undefined) return [];
  const byKeys = new Map<string, string[]>();
  for (const name of profileNames(files)) {
    if (name === 'default' || known.includes(name)) continue;
    const keys = missingParts(files, name).filter((key) => fallback.properties.get(key)?.value);
    if (keys.length > 0) byKeys.set(keys.join(', '), [...(byKeys.get(keys.join(', ')) ?? []), name]);
  }
  return [...byKeys].map(([keys, names]) => {
    const place = fallback.properties.get(keys.split(', ')[0] ?? '')?.place ?? fallback.place;
    return note(
      `${names.length === 1 ? '1 profile no longer takes' : `${names.length} profiles no longer take`} ${keys} from [default] (${shownPlace(place, paths)}): ${someOf(names)}`,
      'as in the AWS SDKs, a profile does not inherit this key from [default]; in aws-vault and earlier versions of awsh it did; to have it again, write it into the profile',
      editAt(files.profiles.get(names[0] ?? '')?.place ?? place),
    );
  });
}

const ssoKeys = ['sso_session', 'sso_start_url', 'sso_region', 'sso_account_id', 'sso_role_name'];

/**
 * The missing properties of a profile's role or sign-in; those in its [sso-session] are not
 * missing.
 */
function missingParts(files: AwsFiles, name: string): string[] {
  const sections = unlessCircle(() => includedSections(files, name)) ?? [];
  if (sections.some((section) => section.name === 'default')) return [];
  const has = (key: string) => sections.some(({ properties }) => Boolean(properties.get(key)?.value));
  const ofSession = has('sso_session') ? ['sso_start_url', 'sso_region'] : [];
  const ofPortal = has('sso_start_url') ? ['sso_session'] : [];
  const wanted = [...(has('role_arn') ? ['external_id'] : []), ...(ssoKeys.some(has) ? ssoKeys : [])];
  return wanted.filter((key) => !has(key) && ![...ofSession, ...ofPortal].includes(key));
}

/** Whether a profile had another identity when it took each missing property from [default]. */
function wasAnother(
  name: string,
  hasRole: boolean,
  given: readonly SourceKind[],
  { files, stored }: { readonly files: AwsFiles; readonly stored: ReadonlySet<string> },
): boolean {
  if (name === 'default') return false;
  const sections = unlessCircle(() => includedSections(files, name));
  if (sections === null || sections.some((section) => section.name === 'default')) return false;
  const lacksRole = sections.every(({ properties }) => !properties.get('role_arn')?.value);
  if (hasRole && lacksRole) return true;
  if (stored.has(name)) return false;
  const own = new Set(sections.flatMap((section) => [...sourceKindsOf(section)]));
  const first = inheritedOnce.findIndex((kind) => own.has(kind));
  const before = first < 0 ? inheritedOnce : inheritedOnce.slice(0, first);
  // Keys in plain text took precedence over everything except source_profile.
  return given.some((kind) => before.includes(kind) && (!own.has('keys') || kind === 'source_profile'));
}

/** Null for a cycle of includes, which another check reports. */
function unlessCircle<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (error instanceof AwshError) return null;
    throw error;
  }
}
