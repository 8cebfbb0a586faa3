import { realRegion } from '../profiles/index.ts';
import { printable, UsageError } from '../system/index.ts';
import { checkedRegion } from './configured-role.ts';
import type { PlanRequest } from './plan-request.ts';
import type { StsTarget } from './plan-steps.ts';
import { correctionOf, type ProfileSettings, type Setting } from './profile-settings.ts';
import { configuredEndpoint, serviceEndpoint } from './service-endpoints.ts';

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
