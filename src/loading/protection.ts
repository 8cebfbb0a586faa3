import type { PlanIdentity } from '../sessions/index.ts';
import { isProtected } from '../settings/index.ts';
import type { LoadServices } from './load-services.ts';

/** A profile that a setting names: each load by a directory is asked for, and the segment is red. */
export function isProtectedPlan(
  { profile, account, role }: PlanIdentity,
  { settings }: Pick<LoadServices, 'settings'>,
): boolean {
  return isProtected(settings, { profile, account, roleArn: role });
}
