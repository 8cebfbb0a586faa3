import type { CommandInput } from '../cli/index.ts';
import { findProfile } from '../profiles/index.ts';
import { type AdHocRole, adHocRequest, type PlanRequest, roleArnOfShortForm } from '../sessions/index.ts';
import { UsageError } from '../system/index.ts';

/** What else belongs to a role of the command line. */
const others = ['source-profile', 'external-id', 'session-name', 'tags'] as const;

/**
 * The request for what the command line names: a profile, or a role that no profile names (`--role-arn`, or ACCOUNT:ROLE in
 * the place of a profile). Null where it names neither.
 */
export function namedRequest(
  input: CommandInput,
  request: Omit<PlanRequest, 'profile'>,
  profile: string | undefined,
): PlanRequest | null {
  const named = input.argument('PROFILE');
  const short = named !== undefined && isShortForm(request, named) ? named : undefined;
  const roleArn = input.value('role-arn') ?? short;
  if (roleArn === undefined) {
    const alone = others.find((option) => input.value(option) !== undefined);
    if (alone !== undefined) throw new UsageError(`--${alone} goes with --role-arn`);
    return profile ? { ...request, profile } : null;
  }
  if (short !== undefined && input.value('role-arn') !== undefined)
    throw new UsageError('--role-arn and an argument name two roles');
  const role: AdHocRole = {
    roleArn,
    sourceProfile: sourceOf(input, request, short === undefined ? named : undefined),
    externalId: input.value('external-id'),
    sessionName: input.value('session-name'),
    tags: input.value('tags'),
  };
  return adHocRequest({ ...request, profile: role.sourceProfile }, role);
}

/** A profile of this very name comes first. */
function isShortForm({ files, keys }: Omit<PlanRequest, 'profile'>, name: string): boolean {
  const isKnown = findProfile(files, name) !== null || keys.some(({ profile }) => profile === name);
  return !isKnown && roleArnOfShortForm(name) !== null;
}

/** Who assumes the role: never guessed, but for AWS_PROFILE. */
function sourceOf(
  input: CommandInput,
  { environment }: Omit<PlanRequest, 'profile'>,
  named: string | undefined,
): string {
  const option = input.value('source-profile');
  if (option !== undefined && named !== undefined)
    throw new UsageError(
      '--source-profile and an argument name two profiles',
      'each says who assumes the role',
    );
  const source = option ?? named ?? (environment.AWS_PROFILE || undefined);
  if (source !== undefined) return source;
  const why = 'a role is assumed with the credentials of a profile';
  throw new UsageError('no profile is named that assumes the role', why, 'add --source-profile PROFILE');
}
