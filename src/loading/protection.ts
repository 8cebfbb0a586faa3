import { type AwsFiles, profileNames, resolveProfile } from '../profiles/index.ts';
import { type Plan, type PlanIdentity, targetOf } from '../sessions/index.ts';
import { isProtected, type Protection, protectionOf } from '../settings/index.ts';
import type { LoadServices } from './load-services.ts';

/**
 * True for a profile that a `protected` setting names: each load by a directory is confirmed, and
 * the segment is red.
 */
export function isProtectedPlan(
  { profile, account, role }: PlanIdentity,
  { settings }: Pick<LoadServices, 'settings'>,
): boolean {
  return isProtected(settings, { profile, account, roleArn: role });
}

/**
 * The protection in the settings for the profile's own name or the name of the profile it replaces;
 * null if there is none.
 */
export function protectionOfWish(
  { inPlaceOf }: Pick<Plan, 'inPlaceOf'>,
  { profile, account, role }: PlanIdentity,
  { settings }: Pick<LoadServices, 'settings'>,
): Protection | null {
  const found = [profile, inPlaceOf ?? profile].flatMap(
    (name) => protectionOf(settings, { profile: name, account, roleArn: role }) ?? [],
  );
  const limits = found.flatMap(({ maxSeconds }) => maxSeconds ?? []);
  if (found.length === 0) return null;
  return {
    maxSeconds: limits.length === 0 ? null : Math.min(...limits),
    needsReason: found.some(({ needsReason }) => needsReason),
  };
}

/** A `y` and nothing else; null without a coding agent, and if nothing protects the role. */
export function agentProtection(
  plan: Plan,
  { codingAgent, awsFiles, settings }: Pick<LoadServices, 'codingAgent' | 'awsFiles' | 'settings'>,
): Protection | null {
  if (codingAgent === undefined || !isProtectedForAgent(plan, awsFiles(), settings)) return null;
  return { maxSeconds: null, needsReason: false };
}

/**
 * For a coding agent: also if another profile that the settings protect by its name gives the same
 * role. Otherwise the role's ARN, or a new profile for it, would be a way around.
 */
export function isProtectedForAgent(
  plan: Plan,
  files: AwsFiles,
  settings: LoadServices['settings'],
): boolean {
  const { account, roleArn } = targetOf(plan);
  const isNamed = (profile: string) => isProtected(settings, { profile, account, roleArn });
  if (isNamed(plan.profile) || isNamed(plan.inPlaceOf ?? plan.profile)) return true;
  if (roleArn === null || settings.protected.length === 0) return false;
  return profileNames(files).some((profile) => {
    if (!isProtected(settings, { profile, account: null, roleArn: null })) return false;
    const { properties } = resolveProfile(files, profile);
    const value = (key: string) => properties.get(key)?.value;
    const isSsoRole = value('sso_account_id') === account && value('sso_role_name') === roleArn;
    return isSsoRole || value('role_arn') === roleArn;
  });
}
