import { type Identity, switchVariables } from '../shell/index.ts';
import type { PlanRequest } from './plan-request.ts';
import type { Plan } from './plan-steps.ts';
import type { ProfileSettings } from './profile-settings.ts';
import { configuredServices, ignoresEndpoints, serviceVariable } from './service-endpoints.ts';
import { checkedSwitch } from './sts-target.ts';
import { expandedPath, type Surroundings } from './surroundings.ts';

/**
 * The profile's settings for the calls of programs with its credentials, other than region and
 * endpoint_url, as the variables that the SDKs read. Settings that the caller's environment already
 * has are left out, so that they stay. Throws UsageError, with file and line, for an endpoint or a
 * switch that no SDK would accept.
 */
export function programVariables(link: ProfileSettings, request: PlanRequest): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [key, name] of switchVariables) {
    const setting = link.find(key);
    const value = checkedSwitch(setting);
    if (value !== null && setting?.place) variables[name] = value;
  }
  if (!ignoresEndpoints(link)) return { ...variables, ...serviceEndpoints(link, request) };
  if (link.variable('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS') !== null) return variables;
  return { ...variables, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' };
}

/**
 * A variable for one service overrides AWS_ENDPOINT_URL, which overrides the `services` section
 * ("Service-specific endpoints").
 */
function serviceEndpoints(link: ProfileSettings, { files }: PlanRequest): Record<string, string> {
  if (link.variable('AWS_ENDPOINT_URL') !== null) return {};
  const endpoints: Record<string, string> = {};
  for (const [service, url] of configuredServices(link, files)) {
    const name = serviceVariable(service);
    if (name !== null && link.variable(name) === null) endpoints[name] = url;
  }
  return endpoints;
}

/**
 * The profile and settings that an output of the plan's credentials is for. `surroundings` may
 * contain AWS_CA_BUNDLE, which overrides the profile's ca_bundle for programs as it does for awsh's
 * own calls.
 */
export function programIdentity(plan: Plan, surroundings: Surroundings): Identity {
  const { profile, region, endpointUrl, caBundle } = plan;
  const variables = { ...plan.programVariables, ...plan.awsEndpoints };
  const bundle =
    caBundle === null || surroundings.AWS_CA_BUNDLE ? null : expandedPath(caBundle, surroundings);
  return {
    profile,
    region,
    endpointUrl,
    variables: bundle === null ? variables : { ...variables, AWS_CA_BUNDLE: bundle },
  };
}
