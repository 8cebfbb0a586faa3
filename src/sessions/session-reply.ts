import { type Credentials, NetworkError, printable, Secret } from '../system/index.ts';

/** The `Credentials` element of AWS's replies, as the SDK gives it. */
interface ReplyCredentials {
  readonly AccessKeyId?: string | undefined;
  readonly SecretAccessKey?: string | undefined;
  readonly SessionToken?: string | undefined;
  readonly Expiration?: Date | undefined;
}

/**
 * Credentials from a reply. They go into environments and line protocols, so any characters that
 * AWS does not use are refused (NetworkError): an endpoint need not be AWS's. The expiration is
 * converted to this machine's clock.
 */
export function credentialsFromReply(
  reply: ReplyCredentials | undefined,
  clockSkewMs: number,
  arn: string | null,
): Credentials {
  const {
    AccessKeyId: id,
    SecretAccessKey: secret,
    SessionToken: token,
    Expiration: expiration,
  } = reply ?? {};
  const expires = (expiration?.getTime() ?? Number.NaN) - clockSkewMs;
  if (!isKeyId(id) || !isSecretKey(secret) || !isToken(token) || !(expires > 0 && expires < 8.64e15)) {
    throw new NetworkError(
      'the reply of AWS holds no usable credentials',
      'a proxy or a sign-in page may have answered instead',
      'check the network and try again',
    );
  }
  return {
    accessKeyId: id,
    secretAccessKey: new Secret(secret),
    sessionToken: new Secret(token),
    expiration: new Date(expires),
    accountId: accountOf(arn),
    arn: arn === null ? null : printable(arn),
  };
}

export function isKeyId(value: unknown): value is string {
  return typeof value === 'string' && /^\w{16,128}$/.test(value);
}

export function isSecretKey(value: unknown): value is string {
  return typeof value === 'string' && /^[!-~]{1,512}$/.test(value);
}

export function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[!-~]{1,32768}$/.test(value);
}

/** The account in an AWS ARN, or null if there is none. */
export function accountOf(arn: string | null): string | null {
  return /^arn:[a-z-]+:(?:sts|iam)::([0-9]{12}):/.exec(arn ?? '')?.[1] ?? null;
}
