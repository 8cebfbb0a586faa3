import { resolveProfile } from '../profiles/index.ts';
import { planFor } from './plan.ts';
import type { PlanRequest } from './plan-request.ts';
import type { Plan } from './plan-steps.ts';
import { ProfileSettings } from './profile-settings.ts';
import { signInEndpoint } from './service-endpoints.ts';
import { federationDuration } from './step-duration.ts';

/** How a profile signs in to the console. */
export interface SignInPlan {
  /** A role's session, or a user's own key, which is then exchanged by GetFederationToken. */
  readonly plan: Plan;
  /** The duration for that exchange, in seconds. */
  readonly federationSeconds: number;
  /** From the config file; null for AWS's own. */
  readonly endpoint: string | null;
}

/** Throws as {@link planFor}. */
export function signInPlanFor(request: PlanRequest): SignInPlan {
  const plan = planFor({ ...request, options: { ...request.options, signIn: true } });
  const settings = new ProfileSettings(resolveProfile(request.files, request.profile), request);
  return {
    plan,
    federationSeconds: federationDuration(request),
    endpoint: signInEndpoint(settings, request.files),
  };
}
