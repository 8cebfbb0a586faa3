import {
  AwsRefusedError,
  type HttpAnswer,
  isPassingStatus,
  jsonFields,
  printable,
  Secret,
  shownField,
  UsageError,
  unavailableHost,
  unreachableHost,
} from '../../system/index.ts';
import type { StsConnection } from '../connection.ts';
import type { StsTarget } from '../plan-steps.ts';
import { isLoopback } from '../sts-target.ts';
import { askService, serviceAddress } from './service-request.ts';
import type { NewToken, Renewal } from './token-file.ts';

/** The sign-in cannot be renewed any more: the organisation's session is over, or the client's registration. */
export class RenewalOver extends Error {}

/**
 * Asks for a new access token with the refresh token (IAM Identity Center OIDC API Reference, CreateToken, grant type
 * `refresh_token`). `now` is in epoch milliseconds. Throws {@link RenewalOver}; NetworkError (exit 9) if AWS does not answer;
 * AwsRefusedError (exit 8) for any other refusal; UsageError (2) for an address that is neither https nor on this machine.
 */
export async function renewToken(
  { clientId, clientSecret, refreshToken }: Renewal,
  target: StsTarget,
  connection: StsConnection,
  now: number,
): Promise<NewToken> {
  const url = `${serviceAddress('oidc', target)}/token`;
  requirePrivateWay(url);
  const body = JSON.stringify({
    clientId,
    clientSecret: clientSecret.reveal(),
    grantType: 'refresh_token',
    refreshToken: refreshToken.reveal(),
  });
  const headers = { 'content-type': 'application/json' };
  const answer = await askService({ method: 'POST', url, headers, body }, connection);
  if (answer.status !== 200) throw refusal(answer, new URL(url).host);
  const reply = jsonFields(answer.body);
  const token = tokenOf(reply.accessToken);
  const seconds = reply.expiresIn;
  if (token === null || typeof seconds !== 'number' || !(seconds > 0 && seconds < 1e8))
    throw unreachableHost(new URL(url).host, { $metadata: { httpStatusCode: 200 } });
  return { accessToken: token, ends: now + seconds * 1000, refreshToken: tokenOf(reply.refreshToken) };
}

/** A refresh token is good for weeks: it is not sent in clear over a network. */
function requirePrivateWay(url: string): void {
  if (url.startsWith('https:') || isLoopback(url)) return;
  throw new UsageError(
    `will not send a refresh token to ${printable(url)}`,
    'the address is neither https nor on this machine',
    'set an https endpoint for sso_oidc in the [services] section of the config file',
  );
}

function tokenOf(value: unknown): Secret | null {
  return typeof value === 'string' && /^[!-~]{1,16384}$/.test(value) ? new Secret(value) : null;
}

/** RFC 6749's error words are in `error`, AWS's own name of the error in the header or in `__type`. */
function refusal({ status, body, headers }: HttpAnswer, host: string): Error {
  const fields = jsonFields(body);
  const named = String(headers['x-amzn-errortype'] ?? '').replace(/:.*/, '');
  const code = printable(shownField(fields, 'error') || named || shownField(fields, '__type')).slice(0, 64);
  if (/^(invalid_grant|invalid_client|unauthorized_client)$/.test(code) || overNames.test(code))
    return new RenewalOver(code);
  if (isPassingStatus(status)) return unavailableHost(host, status);
  if (code === '') return unreachableHost(host, { $metadata: { httpStatusCode: status } });
  return new AwsRefusedError(
    code,
    `AWS refused to renew the sign-in: ${code}`,
    shownField(fields, 'error_description') || shownField(fields, 'message') || undefined,
  );
}

const overNames = /^(InvalidGrant|InvalidClient|UnauthorizedClient|ExpiredToken)Exception$/;
