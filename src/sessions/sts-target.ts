import {
  type AwsFiles,
  editCommand,
  ignoredSectionLike,
  type Property,
  realRegion,
  requireUsableSection,
  type Section,
} from '../profiles/index.ts';
import { printable, UsageError } from '../system/index.ts';
import { checkedRegion } from './configured-role.ts';
import type { PlanRequest } from './plan-request.ts';
import type { StsTarget } from './plan-steps.ts';
import { correctionOf, type ProfileSettings, type Setting, showPlace } from './profile-settings.ts';

/** The region of STS if none is configured: the partition's first one. */
const homeRegions: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
  'aws-eusc': 'eusc-de-east-1',
  'aws-iso': 'us-iso-east-1',
  'aws-iso-b': 'us-isob-east-1',
  'aws-iso-e': 'eu-isoe-west-1',
  'aws-iso-f': 'us-isof-south-1',
};

/**
 * The regions served by sts.amazonaws.com with `sts_regional_endpoints = legacy` (SDKs and Tools
 * Reference Guide, "AWS STS Regional endpoints").
 */
const legacyRegions = `ap-northeast-1 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 eu-north-1 eu-west-1 eu-west-2
   eu-west-3 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2`;

/**
 * The target of a profile's calls to STS. `partition` determines the region if none is configured.
 */
function stsTarget(link: ProfileSettings, request: PlanRequest, partition: string): StsTarget {
  const named = realRegionOf(link.find('region'));
  const region = named?.region ?? homeRegion(partition);
  const endpoint = serviceEndpoint('sts', link, request);
  if (endpoint === null && named?.global && !hasVariant(link)) return { region, endpoint, global: true };
  const legacy = oneOf(link.find('sts_regional_endpoints'), ['regional', 'legacy']) === 'legacy';
  if (endpoint === null && legacy && legacyRegions.split(/\s+/).includes(region)) {
    return { region: homeRegion('aws'), endpoint, global: true };
  }
  return { region, endpoint, ...variants(link) };
}

/** As a plan uses it: the region is checked first, also against the partition of a role. */
export function checkedTarget(
  link: ProfileSettings,
  request: PlanRequest,
  partition: string | null,
): StsTarget {
  checkedRegion(link.find('region'), partition);
  return stsTarget(link, request, partition ?? 'aws');
}

/**
 * The target of a profile's calls to IAM: one service in each partition, signed for the partition's
 * first region.
 */
export function iamTarget(link: ProfileSettings, request: PlanRequest, partition: string): StsTarget {
  const endpoint = serviceEndpoint('iam', link, request);
  return { region: homeRegion(partition), endpoint, ...variants(link) };
}

/**
 * The access portal of IAM Identity Center. It gets a bearer token, so only the files may set its
 * endpoint (security rule 4).
 */
export function portalTarget(link: ProfileSettings, request: PlanRequest, portal: Portal): StsTarget {
  const { region } = portal;
  return { region, endpoint: configuredEndpoint('sso', link, request), ...portalVariants(link, portal) };
}

/**
 * IAM Identity Center OIDC, which gets refresh tokens; the same rule applies: `sso_oidc` in
 * [services], or the endpoint for all services.
 */
export function tokenTarget(link: ProfileSettings, request: PlanRequest, portal: Portal): StsTarget {
  const { region } = portal;
  return { region, endpoint: configuredEndpoint('sso_oidc', link, request), ...portalVariants(link, portal) };
}

/** The region and start URL of an IAM Identity Center session. */
interface Portal {
  readonly region: string;
  readonly startUrl: string;
}

/**
 * A dual-stack start URL means dual-stack services, unless the profile sets
 * `use_dualstack_endpoint`.
 */
function portalVariants(link: ProfileSettings, { startUrl }: Portal): Pick<StsTarget, 'fips' | 'dualstack'> {
  const own = variants(link);
  if (link.find('use_dualstack_endpoint') !== null) return own;
  return { ...own, ...startUrlVariant(startUrl) };
}

/** Hosts of dual-stack access portals, in the partitions of AWS, China and the European Sovereign Cloud. */
const dualStackPortal = /\.portal\.[a-z0-9-]+\.app\.aws$|\.(?:api|app)\.amazonwebservices\.(?:com\.cn|eu)$/;

/**
 * `dualstack` if this is the start URL of a dual-stack portal, which does not know device codes
 * issued elsewhere.
 */
export function startUrlVariant(startUrl: string): Pick<StsTarget, 'dualstack'> {
  const host = URL.canParse(startUrl) ? new URL(startUrl).hostname : '';
  return dualStackPortal.test(host) ? { dualstack: true } : {};
}

/** The endpoint where `aws login` renews its tokens; the same rule applies. */
export function signInTarget(link: ProfileSettings, request: PlanRequest): StsTarget {
  const setting = link.property('region');
  checkedRegion(setting, null);
  const endpoint = configuredEndpoint('signin', link, request);
  return { region: realRegionOf(setting)?.region ?? homeRegion('aws'), endpoint };
}

export function homeRegion(partition: string): string {
  return homeRegions[partition] ?? 'us-east-1';
}

function realRegionOf(setting: Setting | null) {
  return setting === null ? null : realRegion(setting.value);
}

function hasVariant(link: ProfileSettings): boolean {
  return Object.values(variants(link)).some(Boolean);
}

/** Only if requested: a custom endpoint has no variants and ignores them. */
function variants(link: ProfileSettings): Pick<StsTarget, 'fips' | 'dualstack'> {
  const asked = checkedSwitch(link.find('use_fips_endpoint')) === 'true';
  const fips = asked || realRegionOf(link.find('region'))?.fips === true;
  const dualstack = checkedSwitch(link.find('use_dualstack_endpoint')) === 'true';
  return { ...(fips && { fips }), ...(dualstack && { dualstack }) };
}

/** `true` or `false`; null if the setting is missing. Throws UsageError for any other value. */
export function checkedSwitch(setting: Setting | null): string | null {
  return oneOf(setting, ['false', 'true']);
}

/** A word that determines where calls go must be exact. */
function oneOf(setting: Setting | null, allowed: readonly string[]): string | null {
  if (setting === null) return null;
  const word = setting.value.toLowerCase();
  if (allowed.includes(word)) return word;
  throw new UsageError(
    `${setting.from}: ${JSON.stringify(printable(setting.value))} is not allowed here`,
    `it is one of: ${allowed.join(', ')}`,
    correctionOf(setting),
  );
}

/**
 * The precedence of the SDKs (AWS SDKs and Tools Reference Guide, "Service-specific endpoints"):
 * the variable for the service, the variable for all services, the profile's [services] section,
 * the profile's endpoint_url.
 */
function serviceEndpoint(service: 'sts' | 'iam', link: ProfileSettings, request: PlanRequest): string | null {
  if (ignoresEndpoints(link)) return null;
  const setting = link.variable(`AWS_ENDPOINT_URL_${service.toUpperCase()}`, 'AWS_ENDPOINT_URL');
  return setting === null ? configuredEndpoint(service, link, request) : checkedUrl(setting);
}

function configuredEndpoint(service: string, link: ProfileSettings, request: PlanRequest): string | null {
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
