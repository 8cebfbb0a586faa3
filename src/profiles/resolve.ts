import { printable, UsageError } from '../system/index.ts';
import { nearestNames, profileNames } from './profile-names.ts';
import type { AwsFiles, Property, ResolvedProfile, Section } from './section.ts';

/**
 * Who somebody is belongs to the profile it stands in. aws-vault reads none of these from the files; were they
 * inherited, a profile without keys of its own would silently become [default].
 */
const neverInherited = new Set([
  'aws_access_key_id',
  'aws_secret_access_key',
  'aws_session_token',
  'login_session',
]);

/**
 * The profile with what it inherits, by aws-vault's rules: every key that it lacks or leaves empty comes from its
 * `include_profile` (once called `parent_profile`) and from that one's, and in the end from [default]. A
 * `source_profile` that names the profile itself counts as none, so that its own stored keys are used. What a
 * `source_profile` holds is not inherited.
 *
 * A name that neither file has gives [default]'s keys with a null place: right for a profile that exists only as
 * stored keys, and otherwise for the caller to refuse (`findProfile`). UsageError where an include is missing, or
 * where includes lead back to themselves.
 */
export function resolveProfile(files: AwsFiles, name: string): ResolvedProfile {
  const properties = new Map<string, Property>();
  for (const section of inheritance(files, name)) {
    for (const [key, property] of section.properties) {
      if (section.name !== name && neverInherited.has(key)) continue;
      if (!properties.get(key)?.value) properties.set(key, property);
    }
  }
  if (properties.get('source_profile')?.value === name) properties.delete('source_profile');
  return { name, place: files.profiles.get(name)?.place ?? null, properties };
}

function inheritance(files: AwsFiles, name: string): Section[] {
  const chain: Section[] = [];
  const visited = [name];
  let section = files.profiles.get(name);
  while (section) {
    chain.push(section);
    const include = includeOf(section);
    if (include === null) break;
    if (visited.includes(include.value)) throw includeLoop([...visited, include.value], include);
    visited.push(include.value);
    section = files.profiles.get(include.value);
    if (section === undefined)
      throw missingProfile(files, include, `include_profile of ${JSON.stringify(name)}`);
  }
  const fallback = files.profiles.get('default');
  return fallback === undefined || visited.includes('default') ? chain : [...chain, fallback];
}

function includeOf({ properties }: Section): Property | null {
  const include = properties.get('include_profile') ?? properties.get('parent_profile');
  return include?.value ? include : null;
}

function includeLoop(names: readonly string[], { place }: Property): UsageError {
  return new UsageError(
    `include_profile leads in a circle: ${names.map(printable).join(' -> ')}`,
    `the circle closes at ${printable(place.file)}:${place.line}`,
  );
}

/** A property names a profile that is in neither file. */
export function missingProfile(files: AwsFiles, { value, place }: Property, what: string): UsageError {
  const near = nearestNames(value, profileNames(files));
  return new UsageError(
    `${printable(place.file)}:${place.line}: there is no profile ${JSON.stringify(printable(value))} (${printable(what)})`,
    near.length > 0 ? `the nearest names are: ${near.join(', ')}` : 'no name comes near it',
    'awsh list --profiles',
  );
}
