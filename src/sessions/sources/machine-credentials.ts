import { Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import {
  type ConnectionFault,
  type Credentials,
  type HttpAnswer,
  type HttpRequest,
  httpRequest,
  isPassingStatus,
  jsonFields,
  NetworkError,
  NoCredentialsError,
  readFileIfThere,
  shownField,
  unavailableHost,
  unreachableHost,
} from '../../system/index.ts';
import type { ContainerStep, InstanceStep } from '../plan-steps.ts';
import { credentialsFromReply } from '../session-reply.ts';
import type { SourceRun } from './source-run.ts';

/**
 * In milliseconds. Both services are local and answer at once or never: one try of a second each.
 * Never through a proxy.
 */
const timeoutMs = 1000;

/**
 * The credentials of the container this runs in (Reference Guide, "Container credential provider").
 */
export async function containerCredentials(
  step: ContainerStep,
  { surroundings }: SourceRun,
): Promise<Credentials> {
  const file = surroundings.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE;
  const token = file ? readToken(file) : surroundings.AWS_CONTAINER_AUTHORIZATION_TOKEN;
  const headers = {
    Accept: 'application/json',
    ...(token && { Authorization: headerValue(token, 'the container authorization token') }),
  };
  const answer = await ask(
    { url: step.url, headers },
    `the container's credentials at ${new URL(step.url).host}`,
  );
  return readAnswer(answer);
}

function readToken(path: string): string {
  try {
    return readFileIfThere(path)?.trim() ?? '';
  } catch {
    throw new NoCredentialsError('AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE cannot be read');
  }
}

function headerValue(token: string, what: string): string {
  if (/^[ -~]+$/.test(token)) return token;
  throw new NoCredentialsError(`${what} has characters that no header may have`);
}

/**
 * The role of this machine, by version 2 of its metadata service only: first a token, then the
 * role's name, then the keys.
 */
export async function instanceCredentials({ endpoint }: InstanceStep): Promise<Credentials> {
  const service = `the instance metadata service at ${new URL(endpoint).host}`;
  const granted = await ask(
    {
      method: 'PUT',
      url: `${endpoint}/latest/api/token`,
      headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '60' },
    },
    service,
  );
  const headers = {
    'x-aws-ec2-metadata-token': headerValue(
      granted.body.trim(),
      'the token of the instance metadata service',
    ),
  };
  const roles = `${endpoint}/latest/meta-data/iam/security-credentials/`;
  const role = (await ask({ url: roles, headers }, service)).body.split('\n')[0]?.trim() ?? '';
  if (!/^[\w+=,.@-]{1,64}$/.test(role)) {
    throw new NoCredentialsError('this machine has no role', 'its metadata service names none');
  }
  return readAnswer(await ask({ url: roles + role, headers }, service));
}

async function ask(
  request: Pick<HttpRequest, 'url' | 'headers' | 'method'>,
  service: string,
): Promise<HttpAnswer> {
  const agent = request.url.startsWith('https:') ? new HttpsAgent({ rejectUnauthorized: true }) : new Agent();
  const answer = await httpRequest({ ...request, agent, timeoutMs }).catch((error: ConnectionFault) => {
    const { what, why } = unreachableHost(service, error);
    throw new NetworkError(what, `${why}; credential_source works only on such a machine`, 'awsh doctor');
  });
  if (answer.status === 200) return answer;
  if (isPassingStatus(answer.status)) throw unavailableHost(service, answer.status);
  throw new NoCredentialsError(`${service} gives no credentials`, `it answers HTTP ${answer.status}`);
}

function readAnswer({ body }: HttpAnswer): Credentials {
  const fields = jsonFields(body);
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : undefined);
  if (fields.Code !== undefined && fields.Code !== 'Success') {
    throw new NoCredentialsError(
      'this machine gives no credentials',
      shownField(fields, 'Code').slice(0, 60) || undefined,
    );
  }
  return credentialsFromReply(
    {
      AccessKeyId: text('AccessKeyId'),
      SecretAccessKey: text('SecretAccessKey'),
      SessionToken: text('Token'),
      Expiration: new Date(text('Expiration') ?? Number.NaN),
    },
    0,
    null,
  );
}
