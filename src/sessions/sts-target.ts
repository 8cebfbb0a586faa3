import type { AwsFiles } from '../profiles/index.ts';
import { printable, UsageError } from '../system/index.ts';
import type { PlanRequest } from './plan-request.ts';
import type { StsTarget } from './plan-steps.ts';
import { type ProfileSettings, type Setting, showPlace } from './profile-settings.ts';

/** Where STS is called where nothing names a region: the partition's own first region. */
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

/** Where a profile's calls to STS go. `partition` decides the region where none is configured. */
export function stsTarget(link: ProfileSettings, request: PlanRequest, partition: string): StsTarget {
  const region = link.find('region')?.value ?? homeRegions[partition] ?? 'us-east-1';
  return { region, endpoint: serviceEndpoint('sts', link, request) };
}

/** Where a profile's calls to IAM go: it is one service a partition, signed for the partition's first region. */
export function iamTarget(link: ProfileSettings, request: PlanRequest, partition: string): StsTarget {
  return { region: homeRegions[partition] ?? 'us-east-1', endpoint: serviceEndpoint('iam', link, request) };
}

/**
 * The precedence of the SDKs (AWS SDKs and Tools Reference Guide, "Service-specific endpoints"): the variable for the
 * service, the variable for all, the profile's [services] section, the profile's endpoint_url.
 */
function serviceEndpoint(service: 'sts' | 'iam', link: ProfileSettings, request: PlanRequest): string | null {
  if (ignoresEndpoints(link)) return null;
  const setting =
    link.variable(`AWS_ENDPOINT_URL_${service.toUpperCase()}`, 'AWS_ENDPOINT_URL') ??
    servicesSection(service, link, request.files) ??
    link.property('endpoint_url');
  return setting === null ? null : checkedUrl(setting);
}

/** The profile's endpoint for every service, as the environment of a command gets it. */
export function profileEndpoint(link: ProfileSettings): string | null {
  if (ignoresEndpoints(link)) return null;
  const setting = link.variable('AWS_ENDPOINT_URL') ?? link.property('endpoint_url');
  return setting === null ? null : checkedUrl(setting);
}

function ignoresEndpoints(link: ProfileSettings): boolean {
  const setting = link.variable('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS');
  return (setting ?? link.property('ignore_configured_endpoint_urls'))?.value.toLowerCase() === 'true';
}

function servicesSection(service: string, link: ProfileSettings, files: AwsFiles): Setting | null {
  const property = files.services.get(link.value('services') ?? '')?.properties.get(service);
  const value = property?.nested?.get('endpoint_url');
  if (property === undefined || !value) return null;
  return { value, from: showPlace(property.place), place: property.place };
}

function checkedUrl(setting: Setting): string {
  const url = URL.canParse(setting.value) ? new URL(setting.value) : null;
  const good = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (good && printable(setting.value) === setting.value) return setting.value;
  throw new UsageError(
    `${setting.from}: not an endpoint: ${JSON.stringify(printable(setting.value))}`,
    'an endpoint is an https:// or http:// URL without a user name',
  );
}
