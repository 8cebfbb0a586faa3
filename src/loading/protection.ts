import type { Plan, PlanIdentity } from '../sessions/index.ts';
import { isProtected } from '../settings/index.ts';
import type { LoadServices } from './load-services.ts';

/** A profile that a setting names: each load by a directory is asked for, and the segment is red. */
export function isProtectedPlan(
  { profile, account, role }: PlanIdentity,
  { settings }: Pick<LoadServices, 'settings'>,
): boolean {
  return isProtected(settings, { profile, account, roleArn: role });
}

/** The same, also if the plan is that of another profile which may only read. */
export function isProtectedWish(
  { inPlaceOf }: Pick<Plan, 'inPlaceOf'>,
  identity: PlanIdentity,
  services: Pick<LoadServices, 'settings'>,
): boolean {
  const asked = inPlaceOf === undefined ? identity : { ...identity, profile: inPlaceOf };
  return isProtectedPlan(identity, services) || isProtectedPlan(asked, services);
}
