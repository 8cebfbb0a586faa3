import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { AwsError, type ReceivedRequest } from './service.ts';

/**
 * Signature Version 4 in the Authorization header, implemented from its specification
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html), so
 * that the SDKs' own signers are checked independently.
 */
export interface Authorization {
  readonly accessKeyId: string;
  /** yyyymmdd */
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const form =
  /^AWS4-HMAC-SHA256 Credential=([A-Za-z0-9]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;

/** Parses the header; refuses as AWS does if it is missing or malformed. */
export function readAuthorization(request: ReceivedRequest): Authorization {
  const header = request.headers.authorization;
  if (header === undefined) {
    throw new AwsError('MissingAuthenticationToken', 403, 'Request is missing Authentication Token');
  }
  const match = form.exec(header);
  if (match === null || request.headers['x-amz-date'] === undefined) {
    throw new AwsError(
      'IncompleteSignature',
      400,
      'Authorization header requires Credential, SignedHeaders, Signature and an X-Amz-Date header.',
    );
  }
  const [, accessKeyId = '', day = '', region = '', service = '', headers = '', signature = ''] = match;
  return { accessKeyId, day, region, service, signedHeaders: headers.split(';'), signature };
}

/** Refuses a signature that this secret would not have made. */
export function checkSignature(request: ReceivedRequest, authorization: Authorization, secret: string): void {
  const expected = Buffer.from(sign(request, authorization, secret), 'hex');
  if (
    coversWhatItMust(request, authorization) &&
    timingSafeEqual(expected, Buffer.from(authorization.signature, 'hex'))
  )
    return;
  throw signatureDoesNotMatch(
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  );
}

/** Refuses a credential whose scope has another service, another day or no region. */
export function checkScope(request: ReceivedRequest, authorization: Authorization, service: string): void {
  if (authorization.service !== service) {
    throw signatureDoesNotMatch(`Credential should be scoped to correct service: '${service}'. `);
  }
  if (!/^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/.test(authorization.region)) {
    throw signatureDoesNotMatch('Credential should be scoped to a valid region. ');
  }
  const signedAt = request.headers['x-amz-date'] ?? '';
  if (!signedAt.startsWith(authorization.day)) {
    throw signatureDoesNotMatch(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${authorization.day}' != '${signedAt.slice(0, 8)}', from '${signedAt}'.`,
    );
  }
}

/** Refuses a request signed more than five minutes away from AWS's clock. */
export function checkSigningTime(request: ReceivedRequest, now: Date): void {
  const tolerance = 5 * 60_000;
  const stamp = request.headers['x-amz-date'] ?? '';
  const signedAt = Date.parse(stamp.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const earliest = now.getTime() - tolerance;
  const latest = now.getTime() + tolerance;
  if (signedAt < earliest) {
    throw signatureDoesNotMatch(
      `Signature expired: ${stamp} is now earlier than ${compact(earliest)} (${compact(now.getTime())} - 5 min.)`,
    );
  }
  if (!(signedAt <= latest)) {
    throw signatureDoesNotMatch(
      `Signature not yet current: ${stamp} is still later than ${compact(latest)} (${compact(now.getTime())} + 5 min.)`,
    );
  }
}

function sign(request: ReceivedRequest, authorization: Authorization, secret: string): string {
  const { day, region, service } = authorization;
  const toSign = [
    'AWS4-HMAC-SHA256',
    request.headers['x-amz-date'],
    `${day}/${region}/${service}/aws4_request`,
    sha256(canonicalRequest(request, authorization.signedHeaders)),
  ].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce(hmac, Buffer.from(`AWS4${secret}`));
  return hmac(key, toSign).toString('hex');
}

function canonicalRequest(request: ReceivedRequest, signedHeaders: readonly string[]): string {
  const [path = '/', query = ''] = request.url.split('?', 2);
  return [
    request.method,
    path.split('/').map(encode).join('/'),
    canonicalQuery(query),
    ...signedHeaders.map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n');
}

function canonicalQuery(query: string): string {
  return [...new URLSearchParams(query)]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
}

function coversWhatItMust(request: ReceivedRequest, { signedHeaders }: Authorization): boolean {
  return ['host', 'x-amz-date', 'x-amz-security-token']
    .filter((name) => request.headers[name] !== undefined)
    .every((name) => signedHeaders.includes(name));
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const compact = (time: number) => `${new Date(time).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer, data: string) => createHmac('sha256', key).update(data).digest();
const signatureDoesNotMatch = (message: string) => new AwsError('SignatureDoesNotMatch', 403, message);
