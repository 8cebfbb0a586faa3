import { type AwsFiles, reservedProfile } from '../profiles/index.ts';
import {
  identityOf,
  type Narrowing,
  type Plan,
  type PlanIdentity,
  pinnedRequest,
  planFor,
  type SessionReason,
  textOf,
} from '../sessions/index.ts';
import type { KeyRecord } from '../vault/index.ts';
import type { LoadServices } from './load-services.ts';
import type { Wish } from './wish.ts';

/** A profile's plan, and the identity that trust records. */
export interface ProfilePlan {
  readonly plan: Plan;
  readonly identity: PlanIdentity;
}

/** The parts of a wish that determine its plan. */
type PlanWish = Pick<Wish, 'kind' | 'profile' | 'region'> & {
  readonly narrowing?: Narrowing | undefined;
  readonly atMostSeconds?: number | undefined;
  readonly sessionNaming?: string | undefined;
  readonly reason?: SessionReason | undefined;
};

/**
 * Plans by the files and keys that they were made from. Both objects are replaced when they change,
 * and planning reads nothing else, so a plan stays valid as long as they do. The agent makes each
 * plan once instead of at each request.
 */
const made = new WeakMap<AwsFiles, WeakMap<readonly KeyRecord[], Map<string, ProfilePlan>>>();

/** The maximum number of plans kept; more than any config file has profiles in use. */
const most = 500;

/**
 * The plan of a profile for a shell. The environment does not affect it, neither for a directory
 * nor for a pin (security rule 4). Only a pin, or a shell that `exec` started, may name a role that
 * no profile has. Throws as `planFor` does, and if a profile has the name that blocks shells.
 */
export function profilePlan(
  { profile, region: directoryRegion, kind, narrowing, atMostSeconds, sessionNaming, reason }: PlanWish,
  { awsFiles, keys: readKeys }: Pick<LoadServices, 'awsFiles' | 'keys'>,
): ProfilePlan {
  const [files, keys] = [awsFiles(), readKeys()];
  const plans = plansOf(files, keys);
  const name = JSON.stringify([
    kind,
    profile,
    directoryRegion,
    narrowing && textOf(narrowing),
    atMostSeconds,
    sessionNaming,
    reason,
  ]);
  const known = plans.get(name);
  if (known !== undefined) return known;
  // Here, so that it is checked once for each version of the files.
  const reserved = reservedProfile(files);
  if (reserved !== null) throw reserved;
  const options = {
    ...(narrowing !== undefined && { narrowing }),
    ...(atMostSeconds !== undefined && { atMostSeconds }),
    ...(sessionNaming !== undefined && { sessionNaming }),
    ...(reason !== undefined && { reason }),
  };
  const asked = { files, profile, keys, environment: {}, directoryRegion, options };
  const request = kind === 'directory' ? asked : pinnedRequest(asked);
  const plan = planFor(request);
  const found = { plan, identity: identityOf(plan, request.files) };
  if (plans.size >= most) plans.clear();
  plans.set(name, found);
  return found;
}

function plansOf(files: AwsFiles, keys: readonly KeyRecord[]): Map<string, ProfilePlan> {
  const byKeys = made.get(files) ?? new WeakMap<readonly KeyRecord[], Map<string, ProfilePlan>>();
  made.set(files, byKeys);
  const plans = byKeys.get(keys) ?? new Map<string, ProfilePlan>();
  byKeys.set(keys, plans);
  return plans;
}
