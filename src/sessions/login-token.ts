// The protocol of `aws login` with AWS Sign-In (AWS Sign-In API Reference, CreateOAuth2Token).
import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { partitionOfRegion } from '../profiles/index.ts';
import {
  type AwshError,
  AwsRefusedError,
  isPassingStatus,
  jsonFields,
  RefusedError,
  rfc3339,
  Secret,
  shownField,
  unavailableHost,
  unreachableHost,
} from '../system/index.ts';
import { awsDomain } from './aws-domain.ts';
import type { StsConnection } from './connection.ts';
import type { StsTarget } from './plan-steps.ts';
import { requirePrivateWay } from './sso/oidc.ts';
import { askService } from './sso/service-request.ts';
import { wordOf } from './sso/token-file.ts';

/** How the result returns from the browser: to this machine, or as a code that the user pastes. */
export const loginClients = {
  browser: 'arn:aws:signin:::devtools/same-device',
  code: 'arn:aws:signin:::devtools/cross-device',
} as const;

const suffixes: Readonly<Record<string, string>> = {
  aws: 'signin.aws.amazon.com',
  'aws-cn': 'signin.amazonaws.cn',
  'aws-us-gov': 'signin.amazonaws-us-gov.com',
};

/**
 * `https://eu-west-1.signin.aws.amazon.com`, or the configured endpoint (botocore's endpoint rules
 * of `signin`).
 */
export function loginAddress({ region, endpoint }: StsTarget): string {
  if (endpoint !== null) return endpoint.replace(/\/+$/, '');
  const suffix = suffixes[partitionOfRegion(region)];
  return suffix === undefined ? `https://signin.${awsDomain({ region })}` : `https://${region}.${suffix}`;
}

/** What the user confirmed in the browser. */
export interface LoginCode {
  readonly clientId: string;
  readonly code: Secret;
  readonly verifier: Secret;
  readonly redirectUri: string;
}

/**
 * A new sign-in: its identity, the expiry of its keys (epoch milliseconds), and the text of its
 * file.
 */
export interface NewLogin {
  /** The ARN of the user or role, which is the name of the session. */
  readonly session: string;
  readonly ends: number;
  readonly text: Secret;
}

/**
 * Exchanges the code for keys. They are bound to a new key pair by DPoP (RFC 9449), which is also
 * in the file. Throws RefusedError (exit 7), AwsRefusedError (8), NetworkError (9); `again` is the
 * command for another sign-in.
 */
export async function loginByCode(
  { clientId, code, verifier, redirectUri }: LoginCode,
  target: StsTarget,
  use: { connection: StsConnection; now: () => number; again: string },
): Promise<NewLogin> {
  const url = `${loginAddress(target)}/v1/token`;
  requirePrivateWay(url);
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const fields = {
    clientId,
    grantType: 'authorization_code',
    code: code.reveal(),
    codeVerifier: verifier.reveal(),
    redirectUri,
  };
  const headers = {
    'content-type': 'application/json',
    DPoP: proofOf(privateKey, publicKey, url, use.now()),
  };
  const { status, body } = await askService(
    { method: 'POST', url, headers, body: JSON.stringify(fields) },
    use.connection,
  );
  const { host } = new URL(url);
  if (status !== 200) {
    // Whoever refuses may quote what was sent.
    const shown = [fields.code, fields.codeVerifier].reduce(
      (text, secret) => text.replaceAll(secret, '…'),
      body,
    );
    throw refusal(jsonFields(shown), status, host, use.again);
  }
  const reply = jsonFields(body);
  const login = newLogin(reply, { clientId, privateKey, now: use.now() });
  if (login === null) throw unreachableHost(host, { $metadata: { httpStatusCode: status } });
  return login;
}

/** The proof of one request (RFC 9449, 4.2): ES256, the signature as 64 raw bytes. */
function proofOf(privateKey: KeyObject, publicKey: KeyObject, url: string, now: number): string {
  const { kty, x, y, crv } = publicKey.export({ format: 'jwk' });
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = part({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, x, y, crv } });
  const payload = part({ jti: randomUUID(), htm: 'POST', htu: url, iat: Math.floor(now / 1000) });
  const text = `${header}.${payload}`;
  const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

/** Null if the reply does not have the form of AWS's. */
function newLogin(
  reply: Readonly<Record<string, unknown>>,
  { clientId, privateKey, now }: { clientId: string; privateKey: KeyObject; now: number },
): NewLogin | null {
  const keys = typeof reply.accessToken === 'object' ? { ...reply.accessToken } : {};
  const word = (name: string) => wordOf((keys as Record<string, unknown>)[name])?.reveal();
  const [accessKeyId, secretAccessKey, sessionToken] = [
    word('accessKeyId'),
    word('secretAccessKey'),
    word('sessionToken'),
  ];
  const [refreshToken, idToken] = [wordOf(reply.refreshToken), wordOf(reply.idToken)];
  const session = idToken === null ? null : subjectOf(idToken);
  const { expiresIn } = reply;
  const isLife = typeof expiresIn === 'number' && expiresIn > 0 && expiresIn < 1e6;
  const isWhole = accessKeyId && secretAccessKey && sessionToken && refreshToken !== null;
  if (!isWhole || session === null || !isLife) return null;
  const ends = now + expiresIn * 1000;
  const accountId = session.split(':')[4];
  const file = {
    accessToken: {
      accessKeyId,
      secretAccessKey,
      sessionToken,
      accountId,
      expiresAt: rfc3339(new Date(ends)),
    },
    tokenType: typeof reply.tokenType === 'string' ? reply.tokenType : 'aws_sigv4',
    clientId,
    refreshToken: refreshToken.reveal(),
    idToken: idToken?.reveal(),
    dpopKey: privateKey.export({ type: 'sec1', format: 'pem' }),
  };
  return { session, ends, text: new Secret(JSON.stringify(file)) };
}

/**
 * The ARN in an ID token. Its signature is not checked, because it came directly from AWS over TLS.
 */
function subjectOf(idToken: Secret): string | null {
  const [, payload = '', ...more] = idToken.reveal().split('.');
  if (more.length !== 1) return null;
  const { sub } = jsonFields(Buffer.from(payload, 'base64url').toString('utf8'));
  return typeof sub === 'string' && /^arn:[a-z-]+:(?:iam|sts):[a-z0-9-]*:[0-9]{12}:[!-~]{1,512}$/.test(sub)
    ? sub
    : null;
}

function refusal(
  reply: Readonly<Record<string, unknown>>,
  status: number,
  host: string,
  again: string,
): AwshError {
  const code = shownField(reply, 'error').slice(0, 64);
  if (isPassingStatus(status) && code !== '') return unavailableHost(host, status);
  switch (code) {
    case '':
      return unreachableHost(host, { $metadata: { httpStatusCode: status } });
    case 'AUTHCODE_EXPIRED':
      return new RefusedError('AWS did not accept the sign-in', 'the code was used, or came too late', again);
    case 'INSUFFICIENT_PERMISSIONS':
      return new AwsRefusedError(
        code,
        'the signed-in user may not sign in here',
        'its policies must allow signin:AuthorizeOAuth2Access and signin:CreateOAuth2Token',
        again,
      );
    default:
      return new AwsRefusedError(
        code,
        `AWS refused the sign-in: ${code}`,
        shownField(reply, 'message') || undefined,
        again,
      );
  }
}

/** The maximum size of a sign-in's file. */
export const mostLoginBytes = 64 * 1024;

/** The challenge of a code verifier (RFC 7636). */
export function challengeOf(verifier: Secret): string {
  return createHash('sha256').update(verifier.reveal()).digest('base64url');
}
