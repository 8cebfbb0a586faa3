import { setTimeout as sleep } from 'node:timers/promises';
import { waitAtTerminal } from '../prompt/index.ts';
import {
  askOidc,
  isLoopback,
  notAws,
  OidcError,
  type Registration,
  type SsoSession,
  type TokenReply,
  tokenReply,
  wordOf,
} from '../sessions/index.ts';
import { formatDuration, OddAnswerError, passesWithTime } from '../system/index.ts';
import { isAwsHost } from './aws-hosts.ts';
import { endElsewhere } from './elsewhere.ts';
import type { SignInRun } from './sign-in.ts';

/** The code that the user types into a page, and the page's address (RFC 8628). */
interface DeviceCode {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly page: string;
  /** The page with the code in its address; empty if there is none. */
  readonly pageWithCode: string;
  readonly ends: number;
  readonly intervalMs: number;
}

/** Signs in by a code. Throws {@link OidcError}; CancelledError; PersonNeededError (exit 6) without a terminal. */
export async function signInByCode(
  session: SsoSession,
  registration: Registration,
  run: SignInRun,
): Promise<TokenReply> {
  const code = await deviceCode(session, registration, run);
  const isAws = isAwsPage(code.page, session);
  const trouble: PollTrouble = { last: null };
  return waitAtTerminal({
    name: 'a sign-in to IAM Identity Center',
    text: codeText(code, isAws, run),
    status: run.showsStatus
      ? () =>
          `${trouble.last === null ? 'Waiting for you to confirm the code' : 'AWS does not answer, trying again'}, ${formatDuration((code.ends - run.clock.now()) / 1000)} left … `
      : null,
    keys: '',
    lineStarts: [],
    work: () => Promise.race([poll(code, session, registration, run, trouble), endElsewhere(run)]),
    onLine(line, show) {
      if (line !== '' || !isAws) return;
      run.open?.(code.pageWithCode || code.page).catch(() => show('No browser could be opened here.'));
    },
  });
}

function codeText({ userCode, page }: DeviceCode, isAws: boolean, { heading, open }: SignInRun): string {
  return [
    heading,
    '',
    `  ${userCode}`,
    '',
    ...(isAws ? [] : ['Take care: the address below is not an AWS address.']),
    `Open ${page} and enter this code.`,
    `The page must show exactly ${userCode}. If you did not start this sign-in, choose Deny.`,
    isAws && open !== null
      ? 'Press Enter to open the page in a browser here, q to quit.'
      : 'Press q to quit.',
  ].join('\n');
}

async function deviceCode(
  { startUrl, portalUrl = startUrl, tokenTarget }: SsoSession,
  { clientId, clientSecret }: Registration,
  { connection, clock }: SignInRun,
): Promise<DeviceCode> {
  const fields = { clientId, clientSecret: clientSecret.reveal(), startUrl: portalUrl };
  const reply = await askOidc('/device_authorization', fields, tokenTarget, connection);
  const code = wordOf(reply.deviceCode);
  const text = (value: unknown, form: RegExp) => (typeof value === 'string' && form.test(value) ? value : '');
  const address = /^https?:\/\/[!-~]{1,400}$/;
  const userCode = text(reply.userCode, /^[A-Za-z0-9-]{4,32}$/);
  const page = text(reply.verificationUri, address);
  if (code === null || userCode === '' || page === '') throw notAws(tokenTarget);
  const withCode = text(reply.verificationUriComplete, address);
  const number = (value: unknown, least: number, most: number, fallback: number) =>
    typeof value === 'number' && value >= least ? Math.min(value, most) : fallback;
  return {
    deviceCode: code.reveal(),
    userCode,
    page,
    // Only the same site, because the screen shows the other address.
    pageWithCode: URL.canParse(withCode) && new URL(withCode).origin === new URL(page).origin ? withCode : '',
    ends: clock.now() + number(reply.expiresIn, 1, 3600, 600) * 1000,
    intervalMs: Math.max(1, number(reply.interval, 0, 60, 5)) * 1000,
  };
}

/** The last request's failure that may pass with time; null if AWS answered. */
interface PollTrouble {
  last: unknown;
}

/** So many answers in a row that are not AWS's end the wait: each could still be a proxy's. */
const mostOddAnswers = 2;

/**
 * Asks at the interval; `slow_down` makes it five seconds longer and is not an error (RFC 8628,
 * 3.5).
 */
async function poll(
  code: DeviceCode,
  { tokenTarget }: SsoSession,
  { clientId, clientSecret }: Registration,
  { connection, clock, signal }: SignInRun,
  trouble: PollTrouble,
): Promise<TokenReply> {
  const fields = {
    clientId,
    clientSecret: clientSecret.reveal(),
    grantType: 'urn:ietf:params:oauth:grant-type:device_code',
    deviceCode: code.deviceCode,
  };
  for (let intervalMs = code.intervalMs, odd = 0; ; ) {
    await sleep(intervalMs, undefined, { signal });
    if (clock.now() > code.ends) throw trouble.last ?? new OidcError('expired_token', '');
    try {
      return tokenReply(await askOidc('/token', fields, tokenTarget, connection), tokenTarget, clock.now());
    } catch (error) {
      // Not an error either: the user may be typing the code, and AWS may answer the next time (RFC
      // 8628, 3.5).
      if (passesWithTime(error)) {
        odd = error instanceof OddAnswerError ? odd + 1 : 0;
        if (odd === mostOddAnswers) throw error;
        trouble.last = error;
        intervalMs = Math.min(60_000, intervalMs * 2);
        continue;
      }
      [trouble.last, odd] = [null, 0];
      if (!(error instanceof OidcError) || !/^(authorization_pending|slow_down)$/.test(error.code))
        throw error;
      if (error.code === 'slow_down') intervalMs += 5000;
    }
  }
}

function isAwsPage(address: string, { tokenTarget }: SsoSession): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, host } = new URL(address);
  const { endpoint } = tokenTarget;
  if (endpoint !== null && isLoopback(endpoint) && host === new URL(endpoint).host) return true;
  return protocol === 'https:' && isAwsHost(hostname);
}
