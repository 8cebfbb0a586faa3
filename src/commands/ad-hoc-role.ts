import type { CommandInput } from '../cli/index.ts';
import { findProfile } from '../profiles/index.ts';
import {
  type AdHocRole,
  adHocRequest,
  type PlanRequest,
  roleArnOfShortForm,
  roleOfPin,
} from '../sessions/index.ts';
import { printable, shellWord, UsageError } from '../system/index.ts';

/** The other options of a role on the command line. */
const others = ['source-profile', 'external-id', 'session-name', 'tags'] as const;

/**
 * The request for the profile that the command line names, or for a role that no profile names
 * (`--role-arn`, or ACCOUNT:ROLE in place of a profile). Null if it names neither.
 */
export function namedRequest(
  input: CommandInput,
  request: Omit<PlanRequest, 'profile'>,
  profile: string | undefined,
): PlanRequest | null {
  const role = namedRole(input, request);
  if (role !== null) return adHocRequest({ ...request, profile: role.sourceProfile }, role);
  const alone = others.find((option) => input.value(option) !== undefined);
  if (alone !== undefined)
    throw new UsageError(
      `--${alone} needs --role-arn`,
      'without it the role and its settings are those of the profile',
    );
  return profile ? { ...request, profile } : null;
}

/** The role on the command line that no profile names, or null. */
export function namedRole(input: CommandInput, request: Omit<PlanRequest, 'profile'>): AdHocRole | null {
  const named = input.argument('PROFILE');
  const isFree = named !== undefined && !isProfile(request, named);
  const whole = isFree ? roleOfPin(named) : null;
  if (whole !== null && input.value('role-arn') === undefined) return whole;
  const short = isFree && roleArnOfShortForm(named) !== null ? named : undefined;
  if (isFree && short === undefined) requireAccountForm(input, named);
  const roleArn = input.value('role-arn') ?? short;
  if (roleArn === undefined) return null;
  requireAccountForm(input, roleArn);
  if (short !== undefined && input.value('role-arn') !== undefined)
    throw new UsageError('--role-arn and an argument name two roles', 'each is the role to assume');
  return {
    roleArn,
    sourceProfile: sourceOf(input, request, short === undefined ? named : undefined),
    externalId: input.value('external-id'),
    sessionName: input.value('session-name'),
    tags: input.value('tags'),
  };
}

/** Throws UsageError for `2222-3333-4444:Admin`, `12:Admin` and the like. */
function requireAccountForm(input: CommandInput, named: string): void {
  const [, partition = '', account = '', role = ''] = /^(aws[a-z-]*:)?([\d -]+):(.+)$/.exec(named) ?? [];
  const isOption = input.value('role-arn') !== undefined;
  if (account.length < (isOption ? 1 : 4) || /^\d{12}$/.test(account)) return;
  const digits = account.replaceAll(/\D/g, '');
  const source = input.value('source-profile');
  const short = `${partition}${digits}:${role}`;
  const isRole = roleArnOfShortForm(short) !== null;
  throw new UsageError(
    `${printable(account)} is not the number of an AWS account`,
    `in ACCOUNT:ROLE the account is 12 digits without dashes or spaces${digits.length === 12 ? '' : `, and this has ${digits.length}`}`,
    isRole && source !== undefined
      ? `awsh explain ${shellWord(short)} --source-profile ${shellWord(source)}`
      : isOption
        ? undefined
        : 'awsh list --profiles',
  );
}

/** A profile with exactly this name takes precedence over a role in this form. */
function isProfile({ files, keys }: Omit<PlanRequest, 'profile'>, name: string): boolean {
  return findProfile(files, name) !== null || keys.some(({ profile }) => profile === name);
}

/** The profile that assumes the role. Never guessed, except from AWS_PROFILE. */
function sourceOf(
  input: CommandInput,
  { environment }: Omit<PlanRequest, 'profile'>,
  named: string | undefined,
): string {
  const option = input.value('source-profile');
  if (option !== undefined && named !== undefined)
    throw new UsageError(
      '--source-profile and an argument name two profiles',
      'each names the profile that assumes the role',
    );
  const source = option ?? named ?? (environment.AWS_PROFILE || undefined);
  if (source !== undefined) return source;
  const why = 'a role is assumed with the credentials of a profile: add --source-profile and its name';
  throw new UsageError('no profile is named to assume the role', why, 'awsh list --profiles');
}
