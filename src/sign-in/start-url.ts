import { agentsFor, type StsConnection } from '../sessions/index.ts';
import { type HttpAnswer, httpRequest, printable, UsageError, unreachableHost } from '../system/index.ts';
import { isAwsHost } from './aws-hosts.ts';

const timeoutMs = 10_000;

/**
 * Checks a start URL before it is written down: https, and a host of AWS's, or one of the organisation's own that redirects to such
 * a host at once. Throws UsageError (exit 2); NetworkError (9) if a host that is not AWS's does not answer.
 */
export async function requireStartUrl(startUrl: string, connection: StsConnection): Promise<void> {
  const url = URL.canParse(startUrl) ? new URL(startUrl) : null;
  const isPlain = url?.protocol === 'https:' && url.username === '' && url.password === '';
  if (!isPlain || !/^https:\/\/[!-~]{1,400}$/.test(startUrl))
    throw refused(
      startUrl,
      'it is not an https:// address, as the administrator of your organisation gives it',
    );
  if (isAwsHost(url.hostname)) return;
  const answer = await answerOf(startUrl, connection);
  const { location } = answer.headers;
  const target =
    typeof location === 'string' && URL.canParse(location, startUrl) ? new URL(location, startUrl) : null;
  const leadsToAws = answer.status >= 300 && answer.status < 400 && target?.protocol === 'https:';
  if (leadsToAws && isAwsHost(target.hostname)) return;
  throw refused(startUrl, `${printable(url.host)} is not a host of AWS's, and does not redirect to one`);
}

function refused(startUrl: string, why: string): UsageError {
  return new UsageError(
    `not the start URL of IAM Identity Center: ${printable(startUrl)}`,
    why,
    'awsh sso --help',
  );
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
