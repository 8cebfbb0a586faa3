import { agentsFor, type StsConnection } from '../sessions/index.ts';
import { type HttpAnswer, httpRequest, printable, UsageError, unreachableHost } from '../system/index.ts';
import { isAwsHost } from './aws-hosts.ts';

const timeoutMs = 10_000;

/**
 * The portal that a start URL leads to: itself if the host is AWS's; otherwise the host to which a
 * host of the organisation's own redirects at once, which must be AWS's. All https. Throws
 * UsageError (exit 2), with `next`; NetworkError (9) if a host that is not AWS's does not answer.
 */
export async function resolvedStartUrl(
  startUrl: string,
  connection: StsConnection,
  next: string | undefined = 'awsh sso --help',
): Promise<string> {
  const url = URL.canParse(startUrl) ? new URL(startUrl) : null;
  const isPlain = url?.protocol === 'https:' && url.username === '' && url.password === '';
  if (!isPlain || !/^https:\/\/[!-~]{1,400}$/.test(startUrl))
    throw refused(
      startUrl,
      'it must be the https:// address that the administrator of your organisation gave you',
      next,
    );
  if (isAwsHost(url.hostname)) return startUrl;
  const answer = await answerOf(startUrl, connection);
  const { location } = answer.headers;
  const target =
    typeof location === 'string' && URL.canParse(location, startUrl) ? new URL(location, startUrl) : null;
  const leadsToAws = answer.status >= 300 && answer.status < 400 && target?.protocol === 'https:';
  // As the AWS CLI sends it: without query, fragment and final slash.
  if (leadsToAws && isAwsHost(target.hostname))
    return `${target.origin}${target.pathname.replace(/\/+$/, '')}`;
  throw refused(startUrl, `${printable(url.host)} is not an AWS host, and does not redirect to one`, next);
}

function refused(startUrl: string, why: string, next: string | undefined): UsageError {
  return new UsageError(`not the start URL of IAM Identity Center: ${printable(startUrl)}`, why, next);
}

/** Some servers do not know HEAD. */
async function answerOf(url: string, connection: StsConnection): Promise<HttpAnswer> {
  const { httpsAgent: agent } = await agentsFor(connection, url);
  const ask = (method: 'HEAD' | 'GET') =>
    httpRequest({ method, url, headers: {}, agent, timeoutMs }).catch((error: Error) => {
      throw unreachableHost(new URL(url).host, error);
    });
  const answer = await ask('HEAD');
  return answer.status === 405 || answer.status === 501 ? ask('GET') : answer;
}
