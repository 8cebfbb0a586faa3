import { sha256 } from '../system/index.ts';
import {
  type AssumeRoleStep,
  type CallStep,
  isSessionStep,
  type KeyStep,
  type Plan,
  type SessionStep,
  type StsTarget,
  type WebIdentityStep,
} from './plan-steps.ts';

/**
 * The cache ids of a plan's steps: each is the SHA-256 of everything that the step's session
 * depends on, including the step before it, so that an edited profile, another endpoint or another
 * key never finds an old session (security rule 5). Null for keys, which are not sessions.
 */
export function sessionIds(plan: IdentifiedPlan): (string | null)[] {
  return stepIds(plan).map((id, at) => {
    const step = plan.steps[at];
    return step !== undefined && isSessionStep(step) ? id : null;
  });
}

/**
 * The same digest for the whole plan, even if its result is not a session (the keys of a machine,
 * for example).
 */
export function planId(plan: IdentifiedPlan): string {
  return stepIds(plan).at(-1) ?? sha256(plan.configPath);
}

/** What of a plan tells its sessions apart. */
type IdentifiedPlan = Pick<Plan, 'steps' | 'configPath' | 'reason'>;

function stepIds({ steps, configPath, reason }: IdentifiedPlan): string[] {
  const ids: string[] = [];
  let source = configPath;
  for (const step of steps) {
    const isShared = step !== steps.at(-1);
    // A session that AWS gives for one reason is not given for another, also if AWS is not told it.
    const why = isShared || reason === undefined ? [] : ['reason', reason.text];
    const parts = isSessionStep(step) ? sessionParts(step, isShared) : keyParts(step);
    source = digest([source, ...parts, ...why]);
    ids.push(source);
  }
  return ids;
}

function keyParts(step: KeyStep): unknown[] {
  switch (step.kind) {
    case 'container':
      return [step.kind, step.profile, step.url];
    case 'instance':
      return [step.kind, step.profile, step.endpoint];
    case 'login':
      return [step.kind, step.profile, step.loginSession, step.cacheFolder, targetParts(step.target)];
    default:
      return [step.kind, step.accessKeyId];
  }
}

function sessionParts(step: SessionStep, isShared: boolean): unknown[] {
  const { kind, profile } = step;
  switch (step.kind) {
    case 'process':
      return [kind, profile, step.command];
    case 'GetRoleCredentials':
      return [
        kind,
        profile,
        step.session,
        step.startUrl,
        step.account,
        step.roleName,
        targetParts(step.target),
      ];
    case 'AssumeRoleWithWebIdentity':
      return [...callParts(step), step.token, ...roleParts(step)];
    case 'GetSessionToken':
      // The same for any `--duration` of this role, so that one MFA code is valid for all roles
      // that share the session.
      return [...callParts(step, isShared ? 'shared' : step.duration.seconds), step.mfaSerial];
    case 'GetFederationToken':
      return [
        ...callParts(step),
        step.name,
        step.policy,
        step.policyArns,
        ...(step.tags ?? []).map(({ key, value }) => [key, value]),
      ];
    case 'AssumeRole':
      return [
        ...callParts(step),
        step.mfaSerial,
        ...roleParts(step),
        step.externalId,
        step.sourceIdentity,
        step.tags.map(({ key, value }) => [key, value]),
        step.transitiveTagKeys,
      ];
  }
}

function callParts(
  { kind, profile, target, duration }: CallStep | WebIdentityStep,
  length: number | string = duration.seconds,
): unknown[] {
  return [kind, profile, targetParts(target), length];
}

function roleParts({
  roleArn,
  roleSessionName,
  policy,
  policyArns,
}: AssumeRoleStep | WebIdentityStep): unknown[] {
  return [roleArn, roleSessionName, policy, policyArns];
}

function targetParts({ region, endpoint, fips, dualstack, global }: StsTarget): unknown[] {
  return [region, endpoint, fips ?? false, dualstack ?? false, global ?? false];
}

/** JSON keeps the parts separate: no value can run into the next. */
function digest(parts: unknown[]): string {
  return sha256(JSON.stringify(parts));
}
