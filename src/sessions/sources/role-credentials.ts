import { setTimeout as sleep } from 'node:timers/promises';
import { partitionOfRegion } from '../../profiles/index.ts';
import {
  AwsRefusedError,
  type Credentials,
  type HttpAnswer,
  httpRequest,
  isPassingStatus,
  jsonFields,
  printable,
  shownField,
  unavailableHost,
  unreachableHost,
} from '../../system/index.ts';
import { awsDomain } from '../aws-domain.ts';
import { agentsFor } from '../connection.ts';
import type { RoleCredentialsStep, StsTarget } from '../plan-steps.ts';
import { credentialsFromReply } from '../session-reply.ts';
import type { SourceRun } from './source-run.ts';
import { signInAgain, ssoToken } from './sso-token.ts';

/**
 * A role's session from the access portal of IAM Identity Center (its API Reference, GetRoleCredentials): one GET that is
 * not signed, with the token in a header. PersonNeededError (exit 6) where the token is not taken any more.
 */
export async function roleCredentials(step: RoleCredentialsStep, run: SourceRun): Promise<Credentials> {
  const token = ssoToken(step, run.surroundings, run.clock.now());
  const query = new URLSearchParams({ role_name: step.roleName, account_id: step.account });
  const url = `${portalAddress(step.target)}/federation/credentials?${query}`;
  const answer = await ask(url, { 'x-amz-sso_bearer_token': token.reveal() }, run);
  if (answer.status !== 200) throw refusal(answer, step, new URL(url).host);
  const { roleCredentials: reply } = jsonFields(answer.body);
  const fields: Record<string, unknown> = typeof reply === 'object' && reply !== null ? { ...reply } : {};
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : undefined);
  return credentialsFromReply(
    {
      AccessKeyId: text('accessKeyId'),
      SecretAccessKey: text('secretAccessKey'),
      SessionToken: text('sessionToken'),
      Expiration: new Date(Number(fields.expiration)),
    },
    0,
    null,
  );
}

/** `https://portal.sso.eu-west-1.amazonaws.com`, or the endpoint in its place. */
export function portalAddress(target: StsTarget): string {
  const { region, endpoint, fips, dualstack } = target;
  if (endpoint !== null) return endpoint.replace(/\/+$/, '');
  // GovCloud's plain name is the FIPS one already.
  const isPlain = !fips || (partitionOfRegion(region) === 'aws-us-gov' && !dualstack);
  return `https://portal.${isPlain ? 'sso' : 'sso-fips'}.${awsDomain(target)}`;
}

async function ask(
  url: string,
  headers: Record<string, string>,
  { connection }: SourceRun,
): Promise<HttpAnswer> {
  const { httpAgent, httpsAgent } = await agentsFor(connection, url);
  const agent = url.startsWith('https:') ? httpsAgent : httpAgent;
  const timeoutMs = connection.timeoutMs ?? 4000;
  // For all attempts together, as with STS.
  const begun = performance.now();
  const left = () => timeoutMs - (performance.now() - begun);
  for (let attempt = 1; ; attempt++) {
    const answer = await httpRequest({
      url,
      headers,
      agent,
      timeoutMs: Math.max(1, Math.ceil(left())),
    }).catch((error: Error & { code?: string }) => {
      throw unreachableHost(new URL(url).host, error);
    });
    const passes = isPassingStatus(answer.status);
    const pause = 200 * 2 ** attempt * (0.5 + Math.random() / 2);
    if (!passes || attempt === 3 || left() < pause) return answer;
    await sleep(pause);
  }
}

function refusal({ status, body, headers }: HttpAnswer, step: RoleCredentialsStep, host: string): Error {
  const fields = jsonFields(body);
  const kind =
    printable(String(headers['x-amzn-errortype'] ?? '')).replace(/:.*/, '') || shownField(fields, '__type');
  if (status === 401) return signInAgain(step, 'the portal no longer accepts the token of PORTAL');
  if (kind === '') return unreachableHost(host, { $metadata: { httpStatusCode: status } });
  if (isPassingStatus(status)) return unavailableHost(host, status);
  const code = kind.slice(0, 64);
  if (status === 403 || status === 404) {
    return new AwsRefusedError(
      code,
      `IAM Identity Center gives no role ${printable(step.roleName)} in account ${step.account}`,
      shownField(fields, 'message') || 'the person who signed in is not assigned to it',
      `check sso_account_id and sso_role_name of profile ${printable(step.profile)}`,
    );
  }
  return new AwsRefusedError(
    code,
    `AWS refused GetRoleCredentials: ${code}`,
    shownField(fields, 'message') || undefined,
  );
}
