import {
  type HttpAnswer,
  isPassingStatus,
  jsonFields,
  printable,
  type Secret,
  shownField,
  UsageError,
  unavailableHost,
  unreachableHost,
} from '../../system/index.ts';
import type { StsConnection } from '../connection.ts';
import type { StsTarget } from '../plan-steps.ts';
import { isLoopback } from '../service-endpoints.ts';
import { askService, serviceAddress } from './service-request.ts';
import { wordOf } from './token-file.ts';

/** A refusal by IAM Identity Center OIDC. */
export class OidcError extends Error {
  constructor(
    /** The OAuth error code: `invalid_grant`, `slow_down` (RFC 6749, RFC 8628). */
    readonly code: string,
    /** AWS's own sentence, safe to show; may be empty. */
    readonly description: string,
  ) {
    super(code);
  }
}

/** The reply of the token endpoint. */
export interface TokenReply {
  readonly accessToken: Secret;
  /** Epoch milliseconds. */
  readonly ends: number;
  /** Null if the reply has none. */
  readonly refreshToken: Secret | null;
}

/**
 * One request to IAM Identity Center OIDC (its API Reference). Returns the fields of the reply.
 * Throws {@link OidcError} for a refusal, NetworkError (exit 9) if AWS does not answer, UsageError
 * (2) for a URL that is neither https nor on this machine.
 */
export async function askOidc(
  path: '/client/register' | '/device_authorization' | '/token',
  fields: Readonly<Record<string, unknown>>,
  target: StsTarget,
  connection: StsConnection,
): Promise<Readonly<Record<string, unknown>>> {
  const url = `${serviceAddress('oidc', target)}${path}`;
  requirePrivateWay(url);
  const request = {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fields),
  } as const;
  const answer = await askService(request, connection);
  if (answer.status !== 200) throw refusal(answer, new URL(url).host, secretsOf(fields));
  return jsonFields(answer.body);
}

/** The token in a reply of `/token`; `now` is in epoch milliseconds. */
export function tokenReply(
  reply: Readonly<Record<string, unknown>>,
  target: StsTarget,
  now: number,
): TokenReply {
  const token = wordOf(reply.accessToken);
  const seconds = reply.expiresIn;
  if (token === null || typeof seconds !== 'number' || !(seconds > 0 && seconds < 1e8)) throw notAws(target);
  return { accessToken: token, ends: now + seconds * 1000, refreshToken: wordOf(reply.refreshToken) };
}

/** The error for a reply without the fields of AWS's. */
export function notAws(target: StsTarget): Error {
  const { host } = new URL(serviceAddress('oidc', target));
  return unreachableHost(host, { $metadata: { httpStatusCode: 200 } });
}

/** A refresh token is valid for weeks, so it is not sent unencrypted over a network. */
export function requirePrivateWay(url: string): void {
  if (url.startsWith('https:') || isLoopback(url)) return;
  throw new UsageError(
    `will not send a sign-in to ${printable(url)}`,
    'the address is neither https nor on this machine',
    'set an https endpoint for sso_oidc in the [services] section of the config file',
  );
}

/** Values in the request that must not be shown, even if the server quotes them. */
function secretsOf(fields: Readonly<Record<string, unknown>>): string[] {
  const names = ['clientSecret', 'code', 'codeVerifier', 'deviceCode', 'refreshToken'];
  return names.flatMap((name) => (typeof fields[name] === 'string' ? [fields[name]] : []));
}

/** The OAuth code is in `error`; AWS's own name of the error is in the header or in `__type`. */
function refusal({ status, body, headers }: HttpAnswer, host: string, secrets: readonly string[]): Error {
  const fields = jsonFields(secrets.reduce((text, secret) => text.replaceAll(secret, '…'), body));
  const named = String(headers['x-amzn-errortype'] ?? '').replace(/:.*/, '');
  const name = printable(named) || shownField(fields, '__type');
  const code = (shownField(fields, 'error') || oauthWord(name)).slice(0, 64);
  if (isPassingStatus(status) && code !== '') return unavailableHost(host, status);
  if (code !== '') {
    const reasons = [shownField(fields, 'error_description') || shownField(fields, 'message')];
    // `KMS_…`: the organisation's encryption key.
    reasons.push(shownField(fields, 'reason'));
    return new OidcError(code, reasons.filter(Boolean).join(', '));
  }
  return unreachableHost(host, { $metadata: { httpStatusCode: status } });
}

/** `InvalidGrantException` is `invalid_grant`. */
function oauthWord(name: string): string {
  return name
    .replace(/Exception$/, '')
    .replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`)
    .toLowerCase();
}
