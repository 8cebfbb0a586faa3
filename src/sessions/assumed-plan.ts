import { parseRoleArn } from '../profiles/index.ts';
import { narrowedSteps } from './narrowed-steps.ts';
import type { AssumeRoleStep, Plan } from './plan-steps.ts';
import { sessionIds } from './session-id.ts';
import { sessionNameOfProfile } from './session-name.ts';

/** AWS limits the session of a role that is assumed with another session to this, in seconds. */
const longestSeconds = 3600;

/**
 * The plan with one more step: this role, assumed with the plan's own credentials, without MFA
 * (aws-vault's `/role-arn/ARN`, server/ecsserver.go). Its session lasts as long as the plan's own
 * role's, an hour at most. Throws UsageError if this is not a role's ARN.
 */
export function assumedPlan(plan: Plan, roleArn: string): Plan {
  parseRoleArn({ value: roleArn, place: { file: '/role-arn/', line: 0 } });
  const before = plan.steps.at(-1);
  const asked = before !== undefined && 'duration' in before ? before.duration.seconds : longestSeconds;
  const step: AssumeRoleStep = {
    kind: 'AssumeRole',
    profile: plan.profile,
    roleArn,
    roleArnPlace: null,
    roleSessionName:
      plan.sessionNaming === undefined ? null : sessionNameOfProfile(plan.sessionNaming, plan.profile),
    externalId: null,
    sourceIdentity: null,
    tags: [],
    transitiveTagKeys: [],
    policy: null,
    policyArns: [],
    mfaSerial: null,
    mfaProcess: null,
    duration: { seconds: Math.min(asked, longestSeconds), from: 'default', capped: null },
    target: plan.target,
  };
  const whole = [...plan.steps, step];
  // If the plan is narrowed, so is each role that is assumed with it.
  const { profile, narrowing } = plan;
  const steps = narrowing === undefined ? whole : narrowedSteps(whole, narrowing, { profile });
  return {
    ...plan,
    steps,
    // The earlier steps keep their sessions, because the user cannot be asked for new ones.
    sessionIds: [...plan.sessionIds, sessionIds({ ...plan, steps }).at(-1) ?? null],
    notes: [],
    warnings: [],
  };
}
