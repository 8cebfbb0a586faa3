import {
  type AwsFiles,
  editCommand,
  ignoredSectionLike,
  type Property,
  requireUsableSection,
  type Section,
} from '../profiles/index.ts';
import { printable, UsageError } from '../system/index.ts';
import type { PlanRequest } from './plan-request.ts';
import { correctionOf, type ProfileSettings, type Setting, showPlace } from './profile-settings.ts';

/** The endpoints that variables, a profile and its `services` section set. */

/**
 * The precedence of the SDKs (AWS SDKs and Tools Reference Guide, "Service-specific endpoints"):
 * the variable for the service, the variable for all services, the profile's [services] section,
 * the profile's endpoint_url.
 */
export function serviceEndpoint(
  service: 'sts' | 'iam',
  link: ProfileSettings,
  request: PlanRequest,
): string | null {
  if (ignoresEndpoints(link)) return null;
  const setting = link.variable(`AWS_ENDPOINT_URL_${service.toUpperCase()}`, 'AWS_ENDPOINT_URL');
  return setting === null ? configuredEndpoint(service, link, request) : checkedUrl(setting);
}

export function configuredEndpoint(
  service: string,
  link: ProfileSettings,
  request: PlanRequest,
): string | null {
  if (ignoresEndpoints(link)) return null;
  const setting = servicesSection(service, link, request.files) ?? link.property('endpoint_url');
  return setting === null ? null : checkedUrl(setting);
}

/**
 * The endpoint of the console's sign-in, or null for AWS's own: only from the config file (security
 * rule 4), as `signin` in [services]. An endpoint for all services is used if it is on this
 * machine, because an emulator replaces all of AWS.
 */
export function signInEndpoint(link: ProfileSettings, files: AwsFiles): string | null {
  const everything = link.property('endpoint_url');
  const local = everything !== null && isLoopback(checkedUrl(everything)) ? everything : null;
  const setting = servicesSection('signin', link, files) ?? local;
  if (setting === null) return null;
  const url = checkedUrl(setting);
  if (url.startsWith('https:') || isLoopback(url)) return url;
  throw new UsageError(
    `${setting.from}: sign-in needs https`,
    'a session is sent there',
    correctionOf(setting),
  );
}

/** True for an endpoint on this machine. */
export function isLoopback(url: string): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(url).hostname);
}

/** The profile's endpoint for all services, for a command's environment. */
export function profileEndpoint(link: ProfileSettings): string | null {
  if (ignoresEndpoints(link)) return null;
  const setting = link.variable('AWS_ENDPOINT_URL') ?? link.property('endpoint_url');
  return setting === null ? null : checkedUrl(setting);
}

export function ignoresEndpoints(link: ProfileSettings): boolean {
  const setting = link.variable('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS');
  return (setting ?? link.property('ignore_configured_endpoint_urls'))?.value.toLowerCase() === 'true';
}

function servicesSection(service: string, link: ProfileSettings, files: AwsFiles): Setting | null {
  const property = servicesOf(link, files)?.get(service);
  const value = property?.nested?.get('endpoint_url');
  if (property === undefined || !value) return null;
  return { value, from: showPlace(property.place), place: property.place };
}

/**
 * True if `services` is only inherited from [default], and the profile has an endpoint_url that is
 * not.
 */
function hasNearerEndpoint(link: ProfileSettings): boolean {
  const { name, inheritedFrom } = link.profile;
  const origin = (key: string) => inheritedFrom.get(key) ?? name;
  return (
    link.property('endpoint_url') !== null &&
    origin('services') === 'default' &&
    origin('endpoint_url') !== 'default'
  );
}

/**
 * The section that the profile's `services` names. Throws UsageError if it does not exist, is
 * malformed, or has no endpoint.
 */
function servicesOf(link: ProfileSettings, files: AwsFiles) {
  const setting = link.property('services');
  if (setting === null || ignoresEndpoints(link) || hasNearerEndpoint(link)) return undefined;
  const section = files.services.get(setting.value);
  if (section !== undefined) {
    requireUsableSection(section, `[services ${printable(setting.value)}] (${setting.from})`);
    if (![...section.properties.values()].some(hasEndpoint) || section.properties.has('endpoint_url'))
      throw endpointNowhere(section, setting);
    return section.properties;
  }
  const ignored = ignoredSectionLike('services', setting.value, files);
  throw new UsageError(
    `${setting.from}: there is no [services ${printable(setting.value)}] section`,
    ignored?.why ?? 'without it, calls meant for the endpoints of the section would go to AWS itself',
    ignored?.next ?? correctionOf(setting),
  );
}

function hasEndpoint({ nested }: Property): boolean {
  return Boolean(nested?.get('endpoint_url'));
}

/** An endpoint_url that is not indented belongs to no service, and every SDK ignores it. */
function endpointNowhere({ name, place, properties }: Section, setting: Setting): UsageError {
  const stray = properties.get('endpoint_url');
  const form =
    'below a line like "s3 =" the endpoint is indented, like "  endpoint_url = http://127.0.0.1:4566"';
  const lost = 'calls meant for the endpoints of the section would go to AWS itself';
  return new UsageError(
    stray === undefined
      ? `${showPlace(place)}: [services ${printable(name)}] has no endpoint_url for any service (${setting.from} names it)`
      : `${showPlace(stray.place)}: this endpoint_url of [services ${printable(name)}] belongs to no service (${setting.from} names it)`,
    `${lost}; ${form}`,
    editCommand(stray?.place ?? place),
  );
}

/** One line for each service of the section whose calls go to AWS because it has no endpoint. */
export function servicesWithoutEndpoint(link: ProfileSettings, files: AwsFiles): string[] {
  if (profileEndpoint(link) !== null) return [];
  const setting = link.property('services');
  const isElsewhere = (service: string) => {
    const name = serviceVariable(service);
    return name === null || link.variable(name) !== null;
  };
  return [...(servicesOf(link, files) ?? [])]
    .filter(([service, property]) => !hasEndpoint(property) && !isElsewhere(service))
    .map(
      ([service, { place }]) =>
        `${showPlace(place)}: ${printable(service)} of [services ${printable(setting?.value ?? '')}] has no endpoint_url: its calls go to AWS itself`,
    );
}

/**
 * The services in the profile's `services` section that have an endpoint_url, with it. Throws
 * UsageError for a malformed one.
 */
export function configuredServices(link: ProfileSettings, files: AwsFiles): [service: string, url: string][] {
  return [...(servicesOf(link, files)?.keys() ?? [])].flatMap((service) => {
    const setting = servicesSection(service, link, files);
    return setting === null ? [] : [[service, checkedUrl(setting)] as [string, string]];
  });
}

/**
 * The variable for a service's id: upper case, with underscores for spaces and dashes (AWS SDKs and
 * Tools Reference Guide, "Service-specific endpoints"). Null if the property is not a service's id.
 */
export function serviceVariable(service: string): string | null {
  const id = service.toUpperCase().replaceAll(/[ -]/g, '_');
  return /^[A-Z0-9_]+$/.test(id) ? `AWS_ENDPOINT_URL_${id}` : null;
}

/**
 * Certainly well formed: a host name whose last part is not a number, a port, a path. Avoids URL,
 * which takes V8 longer to compile.
 */
const plainUrl =
  /^https?:\/\/(?:127\.0\.0\.1|(?:[a-z\d-]+\.)*[a-z][a-z\d-]*)(?::[1-5]?\d{1,4})?(?:\/[\w./-]*)?$/;

function checkedUrl(setting: Setting): string {
  if (plainUrl.test(setting.value) && !setting.value.includes('xn--')) return setting.value;
  const url = URL.canParse(setting.value) ? new URL(setting.value) : null;
  const good = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (good && printable(setting.value) === setting.value) return setting.value;
  throw new UsageError(
    `${setting.from}: not an endpoint: ${JSON.stringify(printable(setting.value))}`,
    'an endpoint is an https:// or http:// URL without a user name',
    correctionOf(setting),
  );
}
