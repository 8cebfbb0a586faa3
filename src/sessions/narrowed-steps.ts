/**
 * The steps of a plan that gives less than its profile's permissions: with session policies, or an
 * error that says why there is no such session.
 */
import { editCommand, parseRoleArn, partitionOfRegion } from '../profiles/index.ts';
import { printable, shellCommand, UsageError } from '../system/index.ts';
import { type Narrowing, otherPolicies } from './narrowing.ts';
import { isPolicyArn, policyFault } from './plan-checks.ts';
import type { PlanRequest } from './plan-request.ts';
import type { AssumeRoleStep, FederationTokenStep, Step, WebIdentityStep } from './plan-steps.ts';

/** STS API Reference, AssumeRole, PolicyArns. */
const mostArns = 10;
const longestText = 2048;

type Asked = Pick<PlanRequest, 'profile' | 'options'> & Partial<Pick<PlanRequest, 'files'>>;

/**
 * The steps with the last one narrowed. Throws UsageError (exit 2), before any call, if AWS cannot
 * narrow the profile's credentials. The full session is never given instead.
 */
export function narrowedSteps(steps: readonly Step[], narrowing: Narrowing, request: Asked): Step[] {
  const last = steps.at(-1);
  const before = steps.slice(0, -1);
  switch (last?.kind) {
    case 'AssumeRole':
    case 'AssumeRoleWithWebIdentity':
      return [...before, narrowedRole(last, narrowing, request)];
    case 'GetSessionToken':
      if (last.mfaSerial !== null) throw cannot(request, narrowing, reasons.mfa);
      return [...before, federation(last, narrowing, request)];
    default:
      throw cannot(request, narrowing, reasons[last?.kind ?? 'process']);
  }
}

function narrowedRole<T extends AssumeRoleStep | WebIdentityStep>(
  step: T,
  narrowing: Narrowing,
  request: Asked,
): T {
  const { partition, account } = parseRoleArn({ value: step.roleArn, place: { file: '', line: 0 } });
  const policies = policiesOf(narrowing, partition, account);
  if (step.policy === null && step.policyArns.length === 0) return { ...step, ...policies };
  const isPart =
    policies.policy === null && policies.policyArns.every((arn) => step.policyArns.includes(arn));
  if (!isPart) throw cannot(request, narrowing, reasons.ownPolicies);
  // These policies replace the profile's own ones.
  return { ...step, policy: null, policyArns: policies.policyArns };
}

/** AWS can narrow a user's own session only by GetFederationToken, which accepts no MFA code. */
function federation(
  { profile, target, duration }: Pick<FederationTokenStep, 'profile' | 'target' | 'duration'>,
  narrowing: Narrowing,
  { profile: asked }: Asked,
): FederationTokenStep {
  const name = asked
    .replace(/[^\w+=,.@-]+/g, '-')
    .slice(0, 32)
    .padEnd(2, '-');
  const policies = policiesOf(narrowing, partitionOfRegion(target.region), null);
  return {
    kind: 'GetFederationToken',
    profile,
    name,
    ...policies,
    mfaSerial: null,
    mfaProcess: null,
    duration,
    target,
  };
}

/** The policies, in this partition and in the role's account. */
function policiesOf(
  { readOnly, policy: asked, policyArns = [], by }: Narrowing,
  partition: string,
  account: string | null,
): { policy: string | null; policyArns: string[] } {
  const policy = asked ?? null;
  if (readOnly && (policy !== null || policyArns.length > 0)) throw otherPolicies(by);
  const arns = readOnly ? [`arn:${partition}:iam::aws:policy/ReadOnlyAccess`] : [...new Set(policyArns)];
  for (const arn of arns) {
    const why = arnFault(arn, partition, account);
    if (why !== null) throw refused(`${by}: AWS does not accept ${JSON.stringify(printable(arn))}`, why);
  }
  if (arns.length > mostArns)
    throw refused(`${by}: ${arns.length} policies are named`, `AWS accepts at most ${mostArns} policy ARNs`);
  const fault = policy === null ? null : policyFault(policy);
  if (fault !== null) throw refused(`${by}: AWS does not accept this policy`, fault);
  if (policy === null && arns.length === 0)
    throw refused(`${by}: no policy is named`, 'nothing would be narrowed');
  const length = arns.join('').length + (policy?.length ?? 0);
  if (length > longestText)
    throw refused(
      `${by}: the policies are too long for AWS`,
      `the policy and the ARNs may have ${longestText.toLocaleString('en')} characters together, and they have ${length.toLocaleString('en')}`,
    );
  return { policy, policyArns: arns };
}

function arnFault(arn: string, partition: string, account: string | null): string | null {
  const [, ofArn = '', , , owner = ''] = arn.split(':');
  if (!isPolicyArn(arn)) return 'the ARN of a policy looks like arn:aws:iam::aws:policy/ReadOnlyAccess';
  if (ofArn !== partition) return `the profile is in partition ${partition}, and this policy is in ${ofArn}`;
  if (account !== null && owner !== 'aws' && owner !== account)
    return `a policy must be in the role's own account, which is ${account}`;
  return null;
}

const refused = (what: string, why: string) => new UsageError(what, why, 'awsh exec --help');

const reasons: Readonly<
  Record<
    | Exclude<Step['kind'], 'AssumeRole' | 'AssumeRoleWithWebIdentity' | 'GetSessionToken'>
    | 'mfa'
    | 'ownPolicies',
    string
  >
> = {
  mfa: 'AWS narrows the session of an access key by GetFederationToken, which accepts no MFA code, and this profile has mfa_serial; a role can be narrowed',
  ownPolicies:
    'the profile has session policies of its own, and AWS allows what any one of the policies of a session allows: another one would not reduce them',
  GetRoleCredentials: 'AWS cannot narrow a role of IAM Identity Center: GetRoleCredentials accepts no policy',
  process:
    'its credentials come from a program (credential_process), and AWS cannot narrow existing credentials',
  login: 'its credentials come from aws login, and AWS cannot narrow existing credentials',
  container: 'its credentials come from the container, and AWS cannot narrow existing credentials',
  instance: 'its credentials come from the machine, and AWS cannot narrow existing credentials',
  'environment-keys': 'its credentials come from the environment, and AWS cannot narrow existing credentials',
  'static-keys': 'its keys are given as they are, and AWS cannot narrow existing credentials',
  'stored-keys': 'AWS narrows a session, and --no-session gives the access key itself',
  GetFederationToken: 'it is narrowed already',
};

function cannot({ profile, files, options }: Asked, { by, readOnly }: Narrowing, reason: string): UsageError {
  const place = files?.profiles.get(profile)?.place;
  const other = readOnly ? '; name a read-only profile as read_only_profile in its section' : '';
  const shown = JSON.stringify(printable(profile));
  const explain = shellCommand`awsh explain ${profile}`;
  const next = readOnly && !options?.noSession && place && place.line > 0 ? editCommand(place) : explain;
  return new UsageError(
    `profile ${shown} cannot be narrowed (${by})`,
    `${reason}${options?.noSession ? '' : other}`,
    next,
  );
}
