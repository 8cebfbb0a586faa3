import { NoCredentialsError, printable, UsageError } from '../../system/index.ts';
import type { ContainerStep, EnvironmentKeysStep, InstanceStep } from '../plan-steps.ts';
import { correctionOf, type ProfileSettings, type Setting } from '../profile-settings.ts';

type CredentialSourceStep = EnvironmentKeysStep | ContainerStep | InstanceStep;

/** AWS's own addresses of the metadata service, by endpoint mode. */
export const metadataEndpoints: ReadonlyMap<string, string> = new Map([
  ['ipv4', 'http://169.254.169.254'],
  ['ipv6', 'http://[fd00:ec2::254]'],
]);

/** `credential_source`, by the AWS SDKs and Tools Reference Guide, "Assume role credential provider". */
export function credentialSourceStep(link: ProfileSettings): CredentialSourceStep | null {
  const setting = link.property('credential_source');
  if (setting === null) return null;
  switch (setting.value) {
    case 'Environment':
      return environmentKeys(link, setting);
    case 'EcsContainer':
      return container(link, setting);
    case 'Ec2InstanceMetadata':
      return instance(link);
    default:
      throw new UsageError(
        `${setting.from}: there is no credential_source ${JSON.stringify(printable(setting.value))}`,
        'it is one of: Environment, EcsContainer, Ec2InstanceMetadata',
      );
  }
}

/** The caller's own keys. Keys that awsh itself has loaded are not in a plan's environment. */
function environmentKeys(link: ProfileSettings, setting: Setting): EnvironmentKeysStep {
  const id = link.variable('AWS_ACCESS_KEY_ID')?.value;
  if (id === undefined)
    throw notHere(link, setting, 'AWS_ACCESS_KEY_ID is not set, and AWS_SECRET_ACCESS_KEY is needed with it');
  return {
    kind: 'environment-keys',
    profile: link.name,
    accessKeyId: printable(id),
    // AWS's prefix for temporary keys (IAM User Guide, "IAM identifiers"). The token itself is not
    // always visible here.
    temporary: id.startsWith('ASIA'),
  };
}

const containerHost = 'http://169.254.170.2';

function container(link: ProfileSettings, setting: Setting): ContainerStep {
  const relative = link.variable('AWS_CONTAINER_CREDENTIALS_RELATIVE_URI')?.value;
  const full = link.variable('AWS_CONTAINER_CREDENTIALS_FULL_URI')?.value;
  const text = relative === undefined ? full : `${containerHost}${relative}`;
  if (text === undefined)
    throw notHere(
      link,
      setting,
      'neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set',
    );
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !isContainerAddress(url)) {
    throw new UsageError(
      'AWS_CONTAINER_CREDENTIALS_* names no address that container credentials may come from',
      'it is https, this machine itself, or the address of an ECS or EKS agent',
    );
  }
  return { kind: 'container', profile: link.name, url: url.href };
}

/**
 * The SDKs' rule for plain http (Reference Guide, "Container credential provider"): loopback, ECS
 * and EKS.
 */
function isContainerAddress({ protocol, hostname }: URL): boolean {
  if (protocol === 'https:') return true;
  const agents = ['169.254.170.2', '169.254.170.23', '[fd00:ec2::23]', '[::1]', 'localhost'];
  return protocol === 'http:' && (agents.includes(hostname) || /^127(\.[0-9]{1,3}){3}$/.test(hostname));
}

function instance(link: ProfileSettings): InstanceStep {
  if (link.variable('AWS_EC2_METADATA_DISABLED')?.value.toLowerCase() === 'true') {
    throw new NoCredentialsError(
      `profile ${JSON.stringify(printable(link.name))} takes its credentials from the machine it runs on`,
      'AWS_EC2_METADATA_DISABLED forbids that',
    );
  }
  return { kind: 'instance', profile: link.name, endpoint: metadataEndpoint(link) };
}

/**
 * The SDKs' precedence (Reference Guide, "IMDS credential provider"): an endpoint by variable or
 * profile, then the mode by variable or profile, then IPv4.
 */
function metadataEndpoint(link: ProfileSettings): string {
  const named =
    link.variable('AWS_EC2_METADATA_SERVICE_ENDPOINT') ?? link.property('ec2_metadata_service_endpoint');
  if (named !== null) return metadataUrl(named);
  const mode =
    link.variable('AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE') ??
    link.property('ec2_metadata_service_endpoint_mode');
  const endpoint = metadataEndpoints.get(mode?.value.toLowerCase() ?? 'ipv4');
  if (endpoint !== undefined) return endpoint;
  throw new UsageError(
    `${mode?.from}: there is no endpoint mode ${JSON.stringify(printable(mode?.value ?? ''))}`,
    'it is IPv4 or IPv6',
  );
}

function metadataUrl({ value, from }: Setting): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  const isPlain = url !== null && url.username === '' && url.password === '' && url.search === '';
  if (isPlain && /^https?:$/.test(url.protocol)) return url.href.replace(/\/$/, '');
  throw new UsageError(
    `${from}: not the address of a metadata service: ${JSON.stringify(printable(value))}`,
    'it is an http:// address, like http://169.254.169.254',
  );
}

/**
 * For a directory the environment must not affect the plan (security rule 4), so it is empty there.
 */
function notHere(link: ProfileSettings, setting: Setting, why: string): NoCredentialsError {
  const { value, from } = setting;
  return new NoCredentialsError(
    `profile ${JSON.stringify(printable(link.name))} takes its credentials from ${value} (${from})`,
    `${why}: set them for awsh exec or awsh export (a directory and awsh use never take credentials from the environment), or name another source in this line`,
    correctionOf(setting),
  );
}
