/** Endpoints of [default] that programs read for themselves, and that the profile did not ask for. */
import { printable } from '../system/index.ts';
import type { PlanRequest } from './plan-request.ts';
import { type ProfileSettings, showPlace } from './profile-settings.ts';
import { configuredServices, ignoresEndpoints, profileEndpoint, serviceVariable } from './sts-target.ts';

/**
 * A program that gets credentials in its environment has no AWS_PROFILE, so its SDK reads the `services` of [default]. AWS_ENDPOINT_URL and
 * the variable of a service beat that section. No variable means "the endpoint of AWS", so what the profile leaves to AWS goes
 * where [default] says. One warning with both lines; none if nothing is redirected.
 */
export function redirectedServices(link: ProfileSettings, { files, environment }: PlanRequest): string[] {
  const fallback = files.profiles.get('default')?.properties.get('services');
  const own = link.property('services');
  if (!fallback?.value || own === null || link.profile.inheritedFrom.get('services') === 'default') return [];
  if (link.name === 'default' || ignoresEndpoints(link) || profileEndpoint(link) !== null) return [];
  const named = new Set(configuredServices(link, files).map(([service]) => serviceVariable(service)));
  const redirected = [...(files.services.get(fallback.value)?.properties ?? [])].flatMap(
    ([service, property]) => {
      const name = serviceVariable(service);
      const isGiven = name === null || named.has(name) || Boolean(environment[name]);
      return isGiven || !property.nested?.get('endpoint_url') ? [] : [printable(service)];
    },
  );
  if (redirected.length === 0) return [];
  return [
    `${showPlace(fallback.place)}: programs send ${redirected.join(', ')} to the endpoints of [default], because ${own.from} names none for them: add their endpoints to [services ${printable(own.value)}], or an endpoint_url to the profile`,
  ];
}
