import {
  AwsRefusedError,
  type Credentials,
  jsonFields,
  NetworkError,
  printable,
  Secret,
  shellCommand,
  shownField,
} from '../system/index.ts';
import type { StsConnection } from './connection.ts';
import { askService } from './sso/service-request.ts';

/** A registry of Amazon ECR. */
export interface EcrRegistry {
  /** The name that docker uses. */
  readonly host: string;
  /** Null for public.ecr.aws, which belongs to no account. */
  readonly account: string | null;
  readonly region: string;
  /** The host that issues its tokens. */
  readonly apiHost: string;
}

/** The hosts that amazon-ecr-credential-helper knows (ecr-login/api/client.go). */
const privateHost =
  /^([0-9]{12})\.dkr([.-])ecr(-fips)?\.([a-z]{2}(?:-[a-z0-9]+)+)\.(amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|on\.aws|on\.amazonwebservices\.com\.cn|on\.amazonwebservices\.eu)$/;

/** The domain of the API's host, by the domain of the registry's host. */
const apiDomains: Readonly<Record<string, string>> = {
  'on.aws': 'api.aws',
  'on.amazonwebservices.com.cn': 'api.amazonwebservices.com.cn',
  'on.amazonwebservices.eu': 'api.amazonwebservices.eu',
};

/** The registry with this host name or URL, or null. */
export function ecrRegistry(server: string): EcrRegistry | null {
  const host = server
    .trim()
    .replace(/^https?:\/\//, '')
    .replace(/[/:].*$/, '')
    .toLowerCase();
  if (host === 'public.ecr.aws')
    return { host, account: null, region: 'us-east-1', apiHost: 'api.ecr-public.us-east-1.amazonaws.com' };
  const [, account, , fips, region, domain] = privateHost.exec(host) ?? [];
  if (account === undefined || region === undefined || domain === undefined) return null;
  const both = apiDomains[domain];
  const first = both === undefined && fips === undefined ? 'api.ecr' : `ecr${fips ?? ''}`;
  return { host, account, region, apiHost: `${first}.${region}.${both ?? domain}` };
}

/**
 * The password of the user `AWS` for the registry, valid for 12 hours (Amazon ECR API Reference,
 * GetAuthorizationToken). `endpoint` replaces AWS's own. Throws AwsRefusedError (exit 8),
 * NetworkError (9).
 */
export async function ecrPassword(
  registry: EcrRegistry,
  {
    credentials,
    now,
    endpoint,
    connection,
  }: { credentials: Credentials; now: Date; endpoint: string | null; connection: StsConnection },
): Promise<Secret> {
  const { signedHeaders } = await import('./signing.ts');
  const isPublic = registry.account === null;
  const url = new URL(endpoint ?? `https://${registry.apiHost}/`);
  const request = {
    service: isPublic ? 'ecr-public' : 'ecr',
    region: registry.region,
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `${isPublic ? 'SpencerFrontendService' : 'AmazonEC2ContainerRegistry_V20150921'}.GetAuthorizationToken`,
    },
    body: '{}',
  } as const;
  const headers = await signedHeaders(request, { credentials, now });
  const answer = await askService({ method: 'POST', url: url.href, headers, body: request.body }, connection);
  const fields = jsonFields(answer.body);
  if (answer.status !== 200) throw refusal(registry, answer.status, fields);
  const password = passwordIn(fields);
  if (password === null)
    throw new NetworkError(`${printable(url.host)} gave no token`, 'its reply is not one of Amazon ECR');
  return password;
}

/** `authorizationData` is a list for a private registry and one object for the public one; its token is `AWS:PASSWORD` in base64. */
function passwordIn({ authorizationData }: Readonly<Record<string, unknown>>): Secret | null {
  const [first] = Array.isArray(authorizationData) ? authorizationData : [authorizationData];
  const token = typeof first?.authorizationToken === 'string' ? first.authorizationToken : '';
  const text = Buffer.from(token, 'base64').toString('latin1');
  return /^AWS:[\x21-\x7e]{1,16384}$/.test(text) ? new Secret(text.slice('AWS:'.length)) : null;
}

function refusal(registry: EcrRegistry, status: number, fields: Readonly<Record<string, unknown>>) {
  const code = shownField(fields, '__type').replace(/^.*#/, '') || `HTTP ${status}`;
  const message = shownField(fields, 'message') || shownField(fields, 'Message');
  return new AwsRefusedError(
    code,
    `AWS gives no token for ${registry.host}`,
    [code, message].filter(Boolean).join(': '),
    shellCommand`aws ecr get-authorization-token --region ${registry.region}`,
  );
}
