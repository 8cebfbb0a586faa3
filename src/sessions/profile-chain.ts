import { nearestNames, sourceChain } from '../profiles/index.ts';
import { printable, UnknownProfileError } from '../system/index.ts';
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
}

/**
 * Follows source_profile until a profile has keys; stored keys win over source_profile (aws-vault, vault/vault.go
 * getSourceCreds), and both over every other source. Throws UnknownProfileError (exit 3), UsageError (2) for a cycle or
 * a missing source_profile, NoCredentialsError (4).
 */
export function findChain(request: PlanRequest): ProfileChain {
  const { files, profile, keys } = request;
  const stored = new Map(keys.map((key) => [key.profile, key.accessKeyId]));
  requireKnown(request);
  const links = sourceChain(files, profile, (name) => stored.has(name)).map(
    (resolved) => new ProfileSettings(resolved, request),
  );
  const [target, base] = [links[0], links.at(-1)];
  if (target === undefined || base === undefined) throw new Error('a chain has at least one profile');
  const accessKeyId = stored.get(base.name);
  return {
    links,
    target,
    base,
    source:
      accessKeyId === undefined
        ? chainSource(base, links.at(-2), request)
        : { kind: 'stored-keys', profile: base.name, accessKeyId },
  };
}

function requireKnown({ files, profile, keys }: PlanRequest): void {
  const names = [...files.profiles.keys(), ...keys.map((key) => key.profile)];
  if (names.includes(profile)) return;
  const near = nearestNames(profile, names).map(printable);
  throw new UnknownProfileError(printable(profile), printable(files.configPath), near);
}
