import type { Plan, PlanIdentity } from '../sessions/index.ts';
import { isProtected, type Protection, protectionOf } from '../settings/index.ts';
import type { LoadServices } from './load-services.ts';

/** A profile that a setting names: each load by a directory is asked for, and the segment is red. */
export function isProtectedPlan(
  { profile, account, role }: PlanIdentity,
  { settings }: Pick<LoadServices, 'settings'>,
): boolean {
  return isProtected(settings, { profile, account, roleArn: role });
}

/** What the settings ask for, by the profile's own name or that of the one it is used in place of; null if nothing. */
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
