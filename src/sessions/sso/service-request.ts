import { setTimeout as sleep } from 'node:timers/promises';
import { partitionOfRegion } from '../../profiles/index.ts';
import {
  type HttpAnswer,
  type HttpRequest,
  httpRequest,
  isPassingStatus,
  unreachableHost,
} from '../../system/index.ts';
import { awsDomain } from '../aws-domain.ts';
import { agentsFor, type StsConnection, throughProxy } from '../connection.ts';
import type { StsTarget } from '../plan-steps.ts';

/**
 * The host prefixes of the two services of IAM Identity Center; the second is for FIPS (botocore's
 * endpoint rules).
 */
const hosts = {
  portal: ['portal.sso', 'portal.sso-fips'],
  oidc: ['oidc', 'oidc-fips'],
} as const;

/**
 * `https://portal.sso.eu-west-1.amazonaws.com`, `https://oidc.eu-west-1.amazonaws.com`, or the
 * configured endpoint.
 */
export function serviceAddress(service: keyof typeof hosts, target: StsTarget): string {
  const { region, endpoint, fips, dualstack } = target;
  if (endpoint !== null) return endpoint.replace(/\/+$/, '');
  // In GovCloud the plain name is already the FIPS one.
  const isPlain = !fips || (partitionOfRegion(region) === 'aws-us-gov' && !dualstack);
  return `https://${hosts[service][isPlain ? 0 : 1]}.${awsDomain(target)}`;
}

/**
 * One request, tried three times (or `most`) while the service is busy, within the connection's
 * time for all attempts together, as with STS. Throws NetworkError (exit 9) if there is no answer.
 */
export async function askService(
  request: Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'>,
  connection: StsConnection,
  most = 3,
): Promise<HttpAnswer> {
  const { url } = request;
  const { httpAgent, httpsAgent } = await agentsFor(connection, url);
  const agent = url.startsWith('https:') ? httpsAgent : httpAgent;
  const timeoutMs = connection.timeoutMs ?? 4000;
  const begun = performance.now();
  const left = () => timeoutMs - (performance.now() - begun);
  for (let attempt = 1; ; attempt++) {
    const answer = await httpRequest({
      ...request,
      agent,
      timeoutMs: Math.max(1, Math.ceil(left())),
    }).catch((error: Error & { code?: string }) => {
      throw unreachableHost(`${new URL(url).host}${throughProxy(connection, url)}`, error);
    });
    const passes = isPassingStatus(answer.status);
    const pause = 200 * 2 ** attempt * (0.5 + Math.random() / 2);
    if (!passes || attempt === most || left() < pause) return answer;
    await sleep(pause);
  }
}

/** The connection for several requests of one run: if a prompt waits, they share its time. */
export function sharingTime(connection: StsConnection): StsConnection {
  const { timeoutMs } = connection;
  if (timeoutMs === undefined) return connection;
  const ends = performance.now() + timeoutMs;
  return {
    ...connection,
    get timeoutMs() {
      return Math.max(1, Math.ceil(ends - performance.now()));
    },
  };
}
