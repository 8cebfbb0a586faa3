import { type Identity, switchVariables } from '../shell/index.ts';
import type { PlanRequest } from './plan-request.ts';
import type { Plan } from './plan-steps.ts';
import type { ProfileSettings } from './profile-settings.ts';
import { checkedSwitch, configuredServices, ignoresEndpoints, serviceVariable } from './sts-target.ts';
import { expandedPath, type Surroundings } from './surroundings.ts';

/**
 * What a profile says about the calls of the programs that use its credentials, beside region and endpoint_url, as the
 * variables that the SDKs read. What the caller's environment decides already is not in it: that stays as it is.
 * UsageError, with file and line, for an endpoint or a switch that no SDK would take.
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

/** A variable for one service beats AWS_ENDPOINT_URL, and that beats the `services` section ("Service-specific endpoints"). */
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
 * What an output of the plan's credentials is for. `surroundings` is where AWS_CA_BUNDLE would be: it beats the profile's
 * ca_bundle for programs, as it does for the calls of awsh.
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
