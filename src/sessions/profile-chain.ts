import {
  type AwsFiles,
  ignoredSectionOf,
  isKeySource,
  keyHolder,
  nearestNames,
  resolveProfile,
  sourceChain,
} from '../profiles/index.ts';
import { AwshError, operandWord, printable, UnknownProfileError, type UsageError } from '../system/index.ts';
import { contradictionsOf } from './contradictions.ts';
import { emptyIdentityKeys } from './empty-identity.ts';
import { type IgnoredLine, ignoredLinesOf, lineText } from './ignored-lines.ts';
import { shortSecretWarning } from './plain-key-form.ts';
import type { PlanRequest } from './plan-request.ts';
import type { SourceStep } from './plan-steps.ts';
import { ProfileSettings } from './profile-settings.ts';
import { chainSource } from './sources/chain-source.ts';

/**
 * The profiles that a plan goes through, from the requested one down to the one with the first
 * credentials.
 */
export interface ProfileChain {
  readonly links: readonly ProfileSettings[];
  readonly target: ProfileSettings;
  readonly base: ProfileSettings;
  /** The links whose role is assumed by AssumeRole. */
  readonly roles: readonly ProfileSettings[];
  readonly source: SourceStep;
  /** Lines about the profiles' identity that are not used. */
  readonly ignored: readonly IgnoredLine[];
  /** What the user should know: these lines, and keys of an unusual form. */
  readonly warnings: readonly string[];
}

/**
 * Follows source_profile until a profile has keys. Stored keys take precedence over source_profile
 * (aws-vault, vault/vault.go getSourceCreds), and both over every other source. Throws
 * UnknownProfileError (exit 3), UsageError (2) for a cycle or a missing source_profile,
 * NoCredentialsError (4).
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
    const [fault] = identityFaults(link, files, usesStoredKey);
    if (fault !== undefined) throw fault;
  }
  const accessKeyId = holder === null ? undefined : stored.get(holder);
  const source: SourceStep =
    holder === null || accessKeyId === undefined
      ? chainSource(base, links.at(-2), request)
      : { kind: 'stored-keys', profile: holder, accessKeyId };
  const roles = links.filter((link) => {
    if (link.find('role_arn') === null) return false;
    // The role of a web identity is the one that its token was exchanged for.
    return link !== base || !(source.kind === 'AssumeRoleWithWebIdentity' || isPlainSource(links, source));
  });
  const ignored = ignoredLinesOf(links, roles, source);
  const keyWarnings = source.kind === 'static-keys' ? shortSecretWarning(base) : [];
  const warnings = [...ignored.map(lineText), ...keyWarnings];
  return { links, target, base, roles, source, ignored, warnings };
}

/**
 * The chain of a profile whose source has the chain `below`, with as much of that as is needed to
 * see whether the profile adds an error. Throws the profile's own error, or else that of `below`.
 */
export function chainAbove(request: PlanRequest, below: ProfileChain | AwshError): ProfileChain {
  const target = new ProfileSettings(resolveProfile(request.files, request.profile), request);
  const [fault] = identityFaults(target, request.files, false);
  if (fault !== undefined) throw fault;
  if (below instanceof AwshError) throw below;
  const links = [target, ...decisiveLinks(below)];
  const isRole = (link: ProfileSettings) =>
    link === target ? target.find('role_arn') !== null : below.roles.includes(link);
  return { ...below, links, target, roles: links.filter(isRole), ignored: [], warnings: [] };
}

/**
 * The links that determine the steps of the profiles that use them: the first and the last ones,
 * and the lowest MFA device.
 */
function decisiveLinks({ links, target, roles }: ProfileChain): ProfileSettings[] {
  const device = links.findLast((link) => link.value('mfa_serial') !== null);
  const decisive = new Set([target, roles[0], ...roles.slice(-2), device, ...links.slice(-3)]);
  return links.filter((link) => decisive.has(link));
}

/** Empty identity properties of a profile, and contradictory lines. */
export function identityFaults(link: ProfileSettings, files: AwsFiles, usesStoredKey: boolean): UsageError[] {
  return [...emptyIdentityKeys(link, files, usesStoredKey), ...contradictionsOf(link, files, usesStoredKey)];
}

/** Throws as {@link findChain} does. */
export function ignoredLines(request: PlanRequest): readonly IgnoredLine[] {
  return findChain(request).ignored;
}

/**
 * True if the last profile gives its keys in plain text to the one that uses it, and its own role
 * is not used.
 */
function isPlainSource(links: readonly ProfileSettings[], source: SourceStep): boolean {
  const [user, base] = [links.at(-2), links.at(-1)];
  return source.kind === 'static-keys' && base !== undefined && isKeySource(base.profile, user?.profile);
}

/**
 * By profile. Computed once for each index, because doctor plans thousands of profiles with the
 * same one.
 */
const keyIds = new WeakMap<PlanRequest['keys'], ReadonlyMap<string, string>>();

function keyIdsOf(keys: PlanRequest['keys']): ReadonlyMap<string, string> {
  const known = keyIds.get(keys);
  if (known !== undefined) return known;
  const made = new Map(keys.map((key) => [key.profile, key.accessKeyId]));
  keyIds.set(keys, made);
  return made;
}

/**
 * True for a profile of the AWS files, and for one that has only a stored key; `keys` is called
 * only if needed.
 */
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
    ignoredSectionOf(profile, files) ?? sessionInPlaceOf(profile, files),
  );
}

/** The name of an [sso-session] is easily taken for a profile: it signs in, and has no role. */
function sessionInPlaceOf(name: string, files: AwsFiles): { why: string; next: string } | null {
  if (!files.ssoSessions.has(name)) return null;
  const users = [...files.profiles].filter(
    ([, { properties }]) => properties.get('sso_session')?.value === name,
  );
  const [first, ...others] = users.map(([profile]) => printable(profile));
  const isSession = `${printable(name)} is an sso-session, which has no role of its own`;
  if (first === undefined)
    return {
      why: `${isSession}; no profile uses it yet`,
      next: `awsh sso populate ${operandWord(name)}`,
    };
  const shown = others.length === 0 ? first : `${first} and ${others.length} more`;
  return { why: `${isSession}; profiles that use it: ${shown}`, next: 'awsh list --profiles' };
}
