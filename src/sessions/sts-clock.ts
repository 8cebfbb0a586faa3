import { resolveProfile } from '../profiles/index.ts';
import { type Clock, httpRequest, NetworkError, unreachableHost } from '../system/index.ts';
import { awsDomain } from './aws-domain.ts';
import { agentsFor, type StsConnection, throughProxy } from './connection.ts';
import type { PlanRequest } from './plan-request.ts';
import type { StsTarget } from './plan-steps.ts';
import { ProfileSettings } from './profile-settings.ts';
import { checkedTarget } from './sts-target.ts';

/** The result of one request whose answer itself does not matter. */
export interface StsClock {
  readonly host: string;
  /**
   * How far AWS's clock is ahead of this machine's, in milliseconds; as precise as the Date header,
   * one second.
   */
  readonly aheadMs: number;
}

/**
 * Sends one unsigned request to STS, where this profile's calls would go, for the Date header of
 * its answer. Throws NetworkError if there is no answer in time, and UsageError if the
 * configuration gives no endpoint.
 */
export async function stsClock(
  request: PlanRequest,
  { clock, connection }: { clock: Clock; connection: StsConnection & { timeoutMs: number } },
): Promise<StsClock> {
  const settings = new ProfileSettings(resolveProfile(request.files, request.profile), request);
  const url = stsAddress(checkedTarget(settings, request, null));
  const { httpAgent, httpsAgent } = await agentsFor(connection, url);
  const agent = url.startsWith('https:') ? httpsAgent : httpAgent;
  const host = `${new URL(url).host}${throughProxy(connection, url)}`;
  const begun = clock.now();
  const answer = await httpRequest({ url, headers: {}, agent, timeoutMs: connection.timeoutMs }).catch(
    (error: Error & { code?: string }) => {
      throw unreachableHost(host, error);
    },
  );
  const theirs = Date.parse(String(answer.headers.date ?? ''));
  if (Number.isNaN(theirs)) throw new NetworkError(`${host} answers without a date`, 'it is not AWS');
  // Halfway between request and answer; the header drops half a second on average.
  return { host, aheadMs: theirs + 500 - (begun + clock.now()) / 2 };
}

function stsAddress(target: StsTarget): string {
  if (target.endpoint !== null) return target.endpoint;
  if (target.global) return 'https://sts.amazonaws.com';
  return `https://${target.fips ? 'sts-fips' : 'sts'}.${awsDomain(target)}`;
}
