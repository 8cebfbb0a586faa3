import { type Credentials, Secret } from '../system/index.ts';
import { awsDomain } from './aws-domain.ts';
import type { StsTarget } from './plan-steps.ts';

/** In seconds: how long EKS accepts the request after it was signed (as in aws eks get-token). */
const signedSeconds = 60;

/**
 * botocore's order of the parameters, so that the token is byte for byte that of `aws eks
 * get-token`.
 */
const order = [
  'Action',
  'Version',
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-SignedHeaders',
  'X-Amz-Security-Token',
  'X-Amz-Signature',
];

/**
 * A token for an EKS cluster: a GetCallerIdentity request, signed for this cluster only, which EKS
 * sends to find out who signed it (aws-iam-authenticator, "API Authorization from Outside a
 * Cluster"). No call is made here.
 */
export async function eksToken(
  cluster: string,
  { credentials, target, now }: { credentials: Credentials; target: StsTarget; now: Date },
): Promise<Secret> {
  const { presignedQuery } = await import('./signing.ts');
  const url = new URL(addressOf(target));
  const request = {
    service: 'sts',
    region: target.region,
    method: 'GET',
    url,
    headers: { 'x-k8s-aws-id': cluster },
    query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
  } as const;
  const query = await presignedQuery(request, { credentials, now }, signedSeconds);
  const words = order.flatMap((name) => (query[name] === undefined ? [] : `${name}=${encoded(query[name])}`));
  const text = `${url.origin}${url.pathname}?${words.join('&')}`;
  return new Secret(`k8s-aws-v1.${Buffer.from(text).toString('base64url')}`);
}

function addressOf(target: StsTarget): string {
  if (target.endpoint !== null) return target.endpoint;
  if (target.global === true) return 'https://sts.amazonaws.com/';
  return `https://${target.fips ? 'sts-fips' : 'sts'}.${awsDomain(target)}/`;
}

/** Encoded as in RFC 3986 and Signature Version 4. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
