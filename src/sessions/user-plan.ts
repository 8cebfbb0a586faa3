import { resolveProfile } from '../profiles/index.ts';
import { NoCredentialsError, printable } from '../system/index.ts';
import { planFor } from './plan.ts';
import type { PlanRequest } from './plan-request.ts';
import { type GetSessionTokenStep, isCallStep, type Plan, type StsTarget } from './plan-steps.ts';
import { ProfileSettings } from './profile-settings.ts';
import { sessionIds } from './session-id.ts';
import { iamTarget } from './sts-target.ts';

/**
 * How to act as the IAM user whose stored key begins a profile's chain: for calls to IAM about that
 * user itself.
 */
export interface UserPlan {
  /** The profile with the key: the requested one, or the source of its role. */
  readonly profile: string;
  readonly accessKeyId: string;
  /** Where STS is asked for the owner of the key. */
  readonly target: StsTarget;
  /**
   * The user's own session with MFA, if the chain names a device, because IAM refuses sessions made
   * without MFA. Null if the key itself must sign.
   */
  readonly session: Plan | null;
  readonly iamTarget: (partition: string) => StsTarget;
}

/** The shortest duration that AWS allows, in seconds: STS API Reference, GetSessionToken. */
const sessionSeconds = 900;

/**
 * The plan for the user behind a profile. Throws as {@link planFor}; also throws NoCredentialsError
 * (exit 4) if the chain begins with a key in plain text, which awsh must not change.
 */
export function userPlanFor(request: PlanRequest): UserPlan {
  const asked = planFor({ ...request, options: {} });
  const [keys] = asked.steps;
  if (keys?.kind !== 'stored-keys') {
    const shown = JSON.stringify(printable(keys?.profile ?? request.profile));
    throw new NoCredentialsError(
      `no access key is stored for profile ${shown}`,
      keys?.kind === 'static-keys' ? 'its key is in plain text in an AWS file' : 'it has no key of its own',
      'awsh import',
    );
  }
  const { profile, accessKeyId } = keys;
  const own = planFor({ ...request, profile, options: { noSession: true } });
  const settings = new ProfileSettings(resolveProfile(request.files, profile), { ...request, profile });
  return {
    profile,
    accessKeyId,
    target: own.target,
    session: request.options?.noSession ? null : sessionPlan(asked, own),
    iamTarget: (partition) => iamTarget(settings, { ...request, profile }, partition),
  };
}

/**
 * The device is the chain's first: the user is the caller who uses it, to get a session or to
 * assume a role.
 */
function sessionPlan(asked: Plan, own: Plan): Plan | null {
  const withDevice = asked.steps.filter(isCallStep).find((step) => step.mfaSerial !== null);
  const [keys] = own.steps;
  if (withDevice === undefined || keys === undefined) return null;
  const { mfaSerial, mfaProcess } = withDevice;
  const session: GetSessionTokenStep = {
    kind: 'GetSessionToken',
    profile: own.profile,
    mfaSerial,
    mfaProcess,
    duration: { seconds: sessionSeconds, from: 'default', capped: null },
    target: own.target,
  };
  const steps = [keys, session];
  return { ...own, steps, sessionIds: sessionIds({ ...own, steps }), notes: [] };
}
