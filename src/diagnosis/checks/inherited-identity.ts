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
import type { Check } from '../scene.ts';
import { editAt, shownPlace, someOf } from '../shown.ts';

/** What earlier versions took from [default], the first that a profile had being the one that counted. */
const inheritedOnce: readonly SourceKind[] = [
  'source_profile',
  'credential_source',
  'sso',
  'web identity',
  'process',
];

/**
 * Profiles that earlier versions of awsh, and aws-vault, turn into who [default] is. awsh no longer does (security
 * rule 31), so who relied on it is told once more than by the error of a command.
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
    if (!hasRole && given.length === 0) return [];
    const names = new Set([...profileNames(files), ...keys.map(({ profile }) => profile)]);
    const stored = new Set(keys.map(({ profile }) => profile));
    const changed = [...names].filter((name) => wasAnother(name, hasRole, given, { files, stored }));
    if (changed.length === 0) return [];
    const first = [...fallback.properties].find(([key, { value }]) => value && identityKind(key) !== null);
    const place = first?.[1].place ?? fallback.place;
    return [
      note(
        `${changed.length === 1 ? '1 profile no longer takes its identity' : `${changed.length} profiles no longer take their identity`} from [default] (${shownPlace(place, paths)}): ${someOf(changed)}`,
        'a profile has its own role and credentials, or none, as in the AWS SDKs; aws-vault and awsh 0.1 took what it lacked from [default]; if that was meant, write include_profile = default into the profile',
        editAt(files.profiles.get(changed[0] ?? '')?.place ?? place),
      ),
    ];
  },
};

/** Whether a profile was somebody else while it took from [default] each key that it lacks. */
function wasAnother(
  name: string,
  hasRole: boolean,
  given: readonly SourceKind[],
  { files, stored }: { readonly files: AwsFiles; readonly stored: ReadonlySet<string> },
): boolean {
  if (name === 'default') return false;
  try {
    const sections = includedSections(files, name);
    if (sections.some((section) => section.name === 'default')) return false;
    const lacksRole = sections.every(({ properties }) => !properties.get('role_arn')?.value);
    if (hasRole && lacksRole) return true;
    if (stored.has(name)) return false;
    const own = new Set(sections.flatMap((section) => [...sourceKindsOf(section)]));
    const first = inheritedOnce.findIndex((kind) => own.has(kind));
    const before = first < 0 ? inheritedOnce : inheritedOnce.slice(0, first);
    // Keys in plain text counted before all but source_profile.
    return given.some((kind) => before.includes(kind) && (!own.has('keys') || kind === 'source_profile'));
  } catch (error) {
    // A circle of includes has a check of its own.
    if (error instanceof AwshError) return false;
    throw error;
  }
}
