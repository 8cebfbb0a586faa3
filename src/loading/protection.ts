import type { Plan, PlanIdentity } from '../sessions/index.ts';
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
