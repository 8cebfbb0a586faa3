import { type AwsFiles, keyHolder, nearestNames, sourceChain } from '../profiles/index.ts';
import { printable, UnknownProfileError } from '../system/index.ts';
import { requireConsistent } from './contradictions.ts';
import { requireNoEmptyIdentity } from './empty-identity.ts';
import { ignoredSectionOf } from './ignored-section.ts';
import { shortSecretWarning } from './plain-key-form.ts';
import type { PlanRequest } from './plan-request.ts';
import type { SourceStep } from './plan-steps.ts';
import { ProfileSettings } from './profile-settings.ts';
import { chainSource } from './sources/chain-source.ts';

/** The profiles that a plan goes through, from the one asked for down to the one whose credentials begin it. */
export interface ProfileChain {
  readonly links: readonly ProfileSettings[];
  readonly target: ProfileSettings;
  readonly base: ProfileSettings;
  readonly source: SourceStep;
  /** What the user should know: a line of the profiles that is not used. */
  readonly warnings: readonly string[];
}

/**
 * Follows source_profile until a profile has keys; stored keys win over source_profile (aws-vault, vault/vault.go
 * getSourceCreds), and both over every other source. Throws UnknownProfileError (exit 3), UsageError (2) for a cycle or
 * a missing source_profile, NoCredentialsError (4).
 */
export function findChain(request: PlanRequest): ProfileChain {
  const { files, profile, keys } = request;
  const stored = keyIdsOf(keys);
  requireKnownProfile(request);
  const links = sourceChain(files, profile, (name) => stored.has(name)).map(
    (resolved) => new ProfileSettings(resolved, request),
  );
  const [target, base] = [links[0], links.at(-1)];
  if (target === undefined || base === undefined) throw new Error('a chain has at least one profile');
  const holder = keyHolder(files, base.name, (name) => stored.has(name));
  for (const link of links) {
    const usesStoredKey = keyHolder(files, link.name, (name) => stored.has(name)) !== null;
    requireNoEmptyIdentity(link, files, usesStoredKey);
    requireConsistent(link, usesStoredKey);
  }
  const accessKeyId = holder === null ? undefined : stored.get(holder);
  const source: SourceStep =
    holder === null || accessKeyId === undefined
      ? chainSource(base, links.at(-2), request)
      : { kind: 'stored-keys', profile: holder, accessKeyId };
  const keyWarnings = source.kind === 'static-keys' ? shortSecretWarning(base) : [];
  return { links, target, base, source, warnings: [...ignoredSource(base), ...keyWarnings] };
}

/** The last profile of a chain may still name a source: it is not used if there is no role to assume with it. */
function ignoredSource(base: ProfileSettings): string[] {
  const source = base.property('source_profile');
  if (source === null || base.find('role_arn') !== null) return [];
  const shown = JSON.stringify(printable(base.name));
  return [
    `${source.from}: source_profile is ignored: profile ${shown} has no role_arn, so its own credentials are used`,
  ];
}

/** By profile. Made once for an index: doctor plans thousands of profiles by the same one. */
const keyIds = new WeakMap<PlanRequest['keys'], ReadonlyMap<string, string>>();

function keyIdsOf(keys: PlanRequest['keys']): ReadonlyMap<string, string> {
  const known = keyIds.get(keys);
  if (known !== undefined) return known;
  const made = new Map(keys.map((key) => [key.profile, key.accessKeyId]));
  keyIds.set(keys, made);
  return made;
}

/** True for a profile of the AWS files, and for one that has only a stored key, which `keys` reads if it is needed. */
export function isKnownProfile(profile: string, files: AwsFiles, keys: () => PlanRequest['keys']): boolean {
  return files.profiles.has(profile) || keyIdsOf(keys()).has(profile);
}

/** Throws UnknownProfileError, with similar names, unless there is such a profile. */
export function requireKnownProfile({
  files,
  profile,
  keys,
}: Pick<PlanRequest, 'files' | 'profile' | 'keys'>): void {
  if (isKnownProfile(profile, files, () => keys)) return;
  const names = [...files.profiles.keys(), ...keys.map((key) => key.profile)];
  const near = nearestNames(profile, names).map(printable);
  throw new UnknownProfileError(
    printable(profile),
    printable(files.configPath),
    near,
    ignoredSectionOf(profile, files),
  );
}
