import { editCommand as editFileCommand, printable, similarNamesText, UsageError } from '../system/index.ts';
import { identityKind, includeOf, type SourceKind, sourceKindsOf } from './identity.ts';
import { ignoredSectionOf } from './ignored-section.ts';
import { nearestNames, profileNames } from './profile-names.ts';
import type { AwsFiles, Place, Property, ResolvedProfile, Section } from './section.ts';
import { reservedName, reservedNameError } from './section-name.ts';

/**
 *
 * The profile with what it inherits. Each missing or empty property comes from its
 * `include_profile` (formerly `parent_profile`) and from that one's, by aws-vault's rules. Last,
 * [default] gives its settings, but no identity properties (security rule 31). By `include_profile`
 * identity is inherited too, but never a second source of credentials in addition to a nearer one,
 * and never half of a key pair.
 *
 * A `source_profile` that names the profile itself is removed, so that its own keys are used, and
 * `isOwnSource` records it. Properties of a `source_profile` are not inherited.
 *
 * A name that neither file has returns [default]'s settings with a null place. That is right for a
 * profile that exists only as stored keys; for any other, the caller must refuse it
 * (`findProfile`). Throws UsageError if an include is missing, or if includes form a cycle.
 */
export function resolveProfile(files: AwsFiles, name: string): ResolvedProfile {
  const properties = new Map<string, Property>();
  const inheritedFrom = new Map<string, string>();
  const sections = includedSections(files, name);
  let sources: ReadonlySet<SourceKind> = new Set();
  for (const section of sections) {
    for (const [key, property] of section.properties) {
      if (properties.get(key)?.value || isTaken(identityKind(key), sources)) continue;
      properties.set(key, property);
      if (section.name !== name) inheritedFrom.set(key, section.name);
    }
    if (sources.size === 0) sources = sourceKindsOf(section);
  }
  const fallback = files.profiles.get('default');
  if (fallback !== undefined && !sections.includes(fallback)) {
    for (const [key, property] of fallback.properties) {
      if (properties.get(key)?.value || identityKind(key) !== null || isInclude(key)) continue;
      properties.set(key, property);
      inheritedFrom.set(key, 'default');
    }
  }
  const isOwnSource = properties.get('source_profile')?.value === name;
  if (isOwnSource) properties.delete('source_profile');
  return { name, place: files.profiles.get(name)?.place ?? null, properties, inheritedFrom, isOwnSource };
}

/**
 * Whether an included section must not give a property of this kind, because of the sources that
 * nearer sections have.
 */
function isTaken(kind: ReturnType<typeof identityKind>, sources: ReadonlySet<SourceKind>): boolean {
  if (kind === null || kind === 'role' || sources.size === 0) return false;
  return kind === 'keys' || !sources.has(kind);
}

function isInclude(key: string): boolean {
  return key === 'include_profile' || key === 'parent_profile';
}

/** The profile's own section, its include's, that one's, and so on. Empty for a name that neither file has. */
export function includedSections(files: AwsFiles, name: string): Section[] {
  const chain: Section[] = [];
  const visited = [name];
  let section = files.profiles.get(name);
  while (section) {
    chain.push(section);
    const include = includeOf(section);
    if (include === null) break;
    if (visited.includes(include.value))
      throw new CycleError('include_profile', [...visited, include.value], include);
    visited.push(include.value);
    const includer: Section = section;
    section = files.profiles.get(include.value);
    if (section !== undefined) continue;
    requireUsableSection(includer, `profile ${quoted(name)}`);
    throw missingProfile(files, include, `include_profile of ${JSON.stringify(name)}`);
  }
  return chain;
}

/**
 * Throws UsageError, with file and line, if the profile's own section, or one that it includes, is
 * malformed.
 */
export function requireUsable(files: AwsFiles, name: string): void {
  if (name === reservedName) throw reservedProfile(files) ?? reservedNameError();
  const faulty = includedSections(files, name).find(({ fault }) => fault !== null);
  if (faulty !== undefined) requireUsableSection(faulty, `profile ${quoted(name)}`);
}

/**
 * The error for a profile with the reserved name in one of the files: no shell can be blocked as
 * long as it exists. Null if there is none.
 */
export function reservedProfile({ profiles }: AwsFiles): UsageError | null {
  const place = profiles.get(reservedName)?.place;
  if (place === undefined) return null;
  return new UsageError(
    `${printable(place.file)}:${place.line}: no profile may be called ${reservedName}`,
    'awsh sets AWS_PROFILE to this name to block a shell, and programs there would use this profile',
    editCommand(place),
  );
}

/** Like {@link requireUsable}, for one section that `user` needs. */
export function requireUsableSection({ fault }: Section, user: string): void {
  if (fault === null) return;
  const { place, why } = fault;
  throw new UsageError(
    `${user} cannot be used: ${printable(place.file)}:${place.line} is malformed`,
    why,
    editCommand(place),
  );
}

/** Opens the file at the line. */
export function editCommand({ file, line }: Place): string {
  return editFileCommand(file, line);
}

function quoted(name: string): string {
  return JSON.stringify(printable(name));
}

/** Exit 2: a profile leads back to itself by `include_profile` or `source_profile`. */
export class CycleError extends UsageError {
  /** `names` are the profiles in order; the last one is there twice. */
  constructor(
    key: string,
    readonly names: readonly string[],
    { place }: Property,
  ) {
    super(
      `${key} forms a cycle: ${names.map(printable).join(' -> ')}`,
      `the cycle closes at ${printable(place.file)}:${place.line}`,
      place.line > 0 ? editCommand(place) : undefined,
    );
  }
}

/** The error for a property that names a profile in neither file. */
export function missingProfile(files: AwsFiles, { value, place }: Property, what: string): UsageError {
  const near = nearestProfiles(files, value);
  const ignored = ignoredSectionOf(value, files);
  return new UsageError(
    `${printable(place.file)}:${place.line}: there is no profile ${JSON.stringify(printable(value))} (${printable(what)})`,
    ignored?.why ?? (near === null ? undefined : similarNamesText(near)),
    ignored?.next ?? 'awsh list --profiles',
  );
}

/**
 * By missing name. Each search goes through all names, and `doctor` may find thousands of missing
 * ones.
 */
const nearest = new WeakMap<AwsFiles, Map<string, string[]>>();
const mostSearches = 100;

/** Null after so many searches that one more would keep the user waiting. */
function nearestProfiles(files: AwsFiles, name: string): string[] | null {
  const known = nearest.get(files) ?? new Map<string, string[]>();
  nearest.set(files, known);
  const found = known.get(name);
  if (found !== undefined || known.size >= mostSearches) return found ?? null;
  const near = nearestNames(name, profileNames(files));
  known.set(name, near);
  return near;
}
