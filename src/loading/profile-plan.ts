import type { AwsFiles } from '../profiles/index.ts';
import {
  identityOf,
  type Narrowing,
  type Plan,
  type PlanIdentity,
  pinnedRequest,
  planFor,
  textOf,
} from '../sessions/index.ts';
import type { KeyRecord } from '../vault/index.ts';
import type { LoadServices } from './load-services.ts';
import type { Wish } from './wish.ts';

/** A profile's plan, and what trust knows it by. */
export interface ProfilePlan {
  readonly plan: Plan;
  readonly identity: PlanIdentity;
}

/** What of a wish decides its plan. */
type PlanWish = Pick<Wish, 'kind' | 'profile' | 'region'> & {
  readonly narrowing?: Narrowing | undefined;
  readonly atMostSeconds?: number | undefined;
  readonly sessionNaming?: string | undefined;
};

/**
 * Plans by the files and keys that they were made from. Both are replaced when they change, and planning reads nothing
 * else, so a plan holds for as long as they do: an agent makes it once, and not at each request.
 */
const made = new WeakMap<AwsFiles, WeakMap<readonly KeyRecord[], Map<string, ProfilePlan>>>();

/** More than any config file has profiles in use. */
const most = 500;

/**
 * The plan of a profile that a shell is to have. The environment does not steer it, neither on the directory path nor in
 * a pinned shell (SECURITY 4). Only a pin, or a shell that `exec`
 * started, may stand for a role that no profile names. Throws as `planFor` does.
 */
export function profilePlan(
  { profile, region: directoryRegion, kind, narrowing, atMostSeconds, sessionNaming }: PlanWish,
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
  ]);
  const known = plans.get(name);
  if (known !== undefined) return known;
  const options = {
    ...(narrowing !== undefined && { narrowing }),
    ...(atMostSeconds !== undefined && { atMostSeconds }),
    ...(sessionNaming !== undefined && { sessionNaming }),
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
