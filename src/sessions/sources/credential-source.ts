import { NoCredentialsError, printable, UsageError } from '../../system/index.ts';
import type { ContainerStep, EnvironmentKeysStep, InstanceStep } from '../plan-steps.ts';
import type { ProfileSettings, Setting } from '../profile-settings.ts';

type CredentialSourceStep = EnvironmentKeysStep | ContainerStep | InstanceStep;

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

/** The caller's own keys; what awsh loaded itself is not in a plan's environment. */
function environmentKeys(link: ProfileSettings, setting: Setting): EnvironmentKeysStep {
  const id = link.variable('AWS_ACCESS_KEY_ID')?.value;
  if (id === undefined) throw notHere(link, setting, 'AWS_ACCESS_KEY_ID is not set');
  return {
    kind: 'environment-keys',
    profile: link.name,
    accessKeyId: printable(id),
    // AWS's prefix for temporary keys (IAM User Guide, "IAM identifiers"). The token itself is not always there to be seen.
    temporary: id.startsWith('ASIA'),
  };
}

const containerHost = 'http://169.254.170.2';

function container(link: ProfileSettings, setting: Setting): ContainerStep {
  const relative = link.variable('AWS_CONTAINER_CREDENTIALS_RELATIVE_URI')?.value;
  const full = link.variable('AWS_CONTAINER_CREDENTIALS_FULL_URI')?.value;
  const text = relative === undefined ? full : `${containerHost}${relative}`;
  if (text === undefined) throw notHere(link, setting, 'no AWS_CONTAINER_CREDENTIALS_* is set');
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !isContainerAddress(url)) {
    throw new UsageError(
      'AWS_CONTAINER_CREDENTIALS_* names no address that container credentials may come from',
      'it is https, this machine itself, or the address of an ECS or EKS agent',
    );
  }
  return { kind: 'container', profile: link.name, url: url.href };
}

/** The SDKs' rule for plain http (Reference Guide, "Container credential provider"): loopback, ECS and EKS. */
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
  const setting = link.variable('AWS_EC2_METADATA_SERVICE_ENDPOINT');
  const endpoint = setting?.value ?? 'http://169.254.169.254';
  if (!URL.canParse(endpoint) || new URL(endpoint).protocol !== 'http:') {
    throw new UsageError('AWS_EC2_METADATA_SERVICE_ENDPOINT is not an http:// address');
  }
  return { kind: 'instance', profile: link.name, endpoint: new URL(endpoint).href.replace(/\/$/, '') };
}

/** On the directory path the environment does not steer (SECURITY 4), so there it is empty. */
function notHere(link: ProfileSettings, { value, from }: Setting, why: string): NoCredentialsError {
  return new NoCredentialsError(
    `profile ${JSON.stringify(printable(link.name))} takes its credentials from ${value} (${from})`,
    `${why}; a directory and awsh use never take credentials from the environment`,
    'use awsh exec or awsh export where these variables are set',
  );
}
