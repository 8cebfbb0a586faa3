/**
 * Endpoints of [default] that programs would read although the profile has a `services` section of
 * its own.
 */
import { partitionOfRegion, realRegion } from '../profiles/index.ts';
import { printable } from '../system/index.ts';
import { awsDomain } from './aws-domain.ts';
import type { PlanRequest } from './plan-request.ts';
import { type ProfileSettings, showPlace } from './profile-settings.ts';
import {
  configuredServices,
  ignoresEndpoints,
  profileEndpoint,
  serviceVariable,
} from './service-endpoints.ts';
import { checkedSwitch } from './sts-target.ts';

/** The correction for programs, and the cases that cannot be corrected. */
export interface DefaultServices {
  /** AWS's own endpoints, as variables, which override [default]'s section. */
  readonly awsEndpoints: Readonly<Record<string, string>>;
  /** One line for the services whose own endpoint is not known here. */
  readonly warnings: readonly string[];
}

/** Regional services whose host is `SERVICE.REGION.DOMAIN`, by the key in a `services` section (botocore's endpoint rules). */
const sameNames =
  `acm athena cloudformation cloudtrail codebuild dynamodb ec2 ecs eks elasticache firehose glue kafka kinesis kms
   lambda rds redshift s3 sns sqs ssm sts swf transcribe xray`.split(/\s+/);

/** The same, for services whose host begins with another name. */
const hostNames: Readonly<Record<string, string>> = {
  api_gateway: 'apigateway',
  apigatewayv2: 'apigateway',
  application_auto_scaling: 'application-autoscaling',
  auto_scaling: 'autoscaling',
  cloudwatch: 'monitoring',
  cloudwatch_logs: 'logs',
  cognito_identity: 'cognito-identity',
  cognito_identity_provider: 'cognito-idp',
  config_service: 'config',
  dynamodb_streams: 'streams.dynamodb',
  ecr: 'api.ecr',
  efs: 'elasticfilesystem',
  elastic_beanstalk: 'elasticbeanstalk',
  elastic_load_balancing: 'elasticloadbalancing',
  elastic_load_balancing_v2: 'elasticloadbalancing',
  elasticsearch_service: 'es',
  emr: 'elasticmapreduce',
  eventbridge: 'events',
  opensearch: 'es',
  resource_groups: 'resource-groups',
  resource_groups_tagging_api: 'tagging',
  secrets_manager: 'secretsmanager',
  ses: 'email',
  sesv2: 'email',
  sfn: 'states',
};

/**
 * A program that gets credentials in its environment has no AWS_PROFILE, so its SDK reads the
 * `services` of [default]. With AWS_PROFILE it would read only the profile's own section, and call
 * AWS for the services not in it. A service's variable overrides [default]'s section, so AWS's own
 * endpoint is put there. A custom endpoint excludes FIPS and dual-stack.
 */
export function defaultServices(link: ProfileSettings, request: PlanRequest): DefaultServices {
  const fallback = request.files.profiles.get('default')?.properties.get('services');
  const own = link.property('services');
  const redirected = redirectedServices(link, request);
  if (!fallback || own === null || redirected.length === 0) return { awsEndpoints: {}, warnings: [] };
  const region = plainRegion(link);
  const awsEndpoints: Record<string, string> = {};
  const unknown: string[] = [];
  for (const { service, variable } of redirected) {
    const host = hostName(service);
    if (host === null || region === null) unknown.push(printable(service));
    else awsEndpoints[variable] = `https://${host}.${awsDomain({ region })}`;
  }
  if (unknown.length === 0) return { awsEndpoints, warnings: [] };
  const where = `${showPlace(fallback.place)}: programs send ${unknown.join(', ')} to the endpoints of [default]`;
  const why = `because ${own.from} names none for them`;
  const fix = `add their endpoints to [services ${printable(own.value)}], or an endpoint_url to the profile`;
  return { awsEndpoints, warnings: [`${where}, ${why}: ${fix}`] };
}

/**
 * The services named only in [default]'s section, if the profile has a section of its own and no
 * endpoint for all services.
 */
function redirectedServices(
  link: ProfileSettings,
  { files, environment }: PlanRequest,
): { service: string; variable: string }[] {
  const name = files.profiles.get('default')?.properties.get('services')?.value;
  if (!name || link.name === 'default' || link.property('services') === null) return [];
  if (link.profile.inheritedFrom.get('services') === 'default') return [];
  if (ignoresEndpoints(link) || profileEndpoint(link) !== null) return [];
  const named = new Set(configuredServices(link, files).map(([service]) => serviceVariable(service)));
  return [...(files.services.get(name)?.properties ?? [])].flatMap(([service, property]) => {
    const variable = serviceVariable(service);
    const isGiven = variable === null || named.has(variable) || Boolean(environment[variable]);
    return isGiven || !property.nested?.get('endpoint_url') ? [] : [{ service, variable }];
  });
}

/** Null if there is none, or if AWS's endpoints in it cannot be constructed here. */
function plainRegion(link: ProfileSettings): string | null {
  const region = link.find('region')?.value ?? null;
  const real = region === null ? null : realRegion(region);
  if (real === null || real.global || real.fips) return null;
  const hasVariant = ['use_fips_endpoint', 'use_dualstack_endpoint'].some(
    (key) => checkedSwitch(link.find(key)) === 'true',
  );
  return hasVariant || partitionOfRegion(real.region).startsWith('aws-iso') ? null : real.region;
}

function hostName(service: string): string | null {
  const id = service.toLowerCase().replaceAll(/[ -]/g, '_');
  return sameNames.includes(id) ? id : (hostNames[id] ?? null);
}
