import { randomBytes } from 'node:crypto';
import { waitAtTerminal } from '../prompt/index.ts';
import {
  askOidc,
  askService,
  challengeOf,
  OidcError,
  type Registration,
  type SsoSession,
  serviceAddress,
  type TokenReply,
  tokenReply,
} from '../sessions/index.ts';
import { AwshError, formatDuration, Secret } from '../system/index.ts';
import { type Callback, listenForCallback } from './callback-listener.ts';
import { endElsewhere } from './elsewhere.ts';
import type { SignInRun } from './sign-in.ts';

/** How long to wait for a page in a browser, in milliseconds. */
export const longestMs = 10 * 60_000;

/**
 * Signs in with the browser: authorization code with PKCE (RFC 7636). Throws {@link OidcError}; CancelledError; PersonNeededError
 * (exit 6) without a terminal.
 */
export async function signInByBrowser(
  session: SsoSession,
  registration: Registration,
  run: SignInRun,
): Promise<TokenReply> {
  const found = await codeByBrowser(
    'a sign-in to IAM Identity Center',
    (asked) => authorizeAddress(session, registration, asked, asked.redirectUri),
    run,
    (page) => untilMissing(page, run),
  );
  return exchange(session, registration, found, found.redirectUri, run);
}

/** The parameters of the page. */
interface AskedPage {
  readonly state: Secret;
  readonly verifier: Secret;
  readonly redirectUri: string;
}

/**
 * The code with which the browser returns to an address on this machine. While it waits, the
 * terminal also accepts that whole address, from a browser on another machine. Throws as {@link
 * signInByBrowser}.
 */
export async function codeByBrowser(
  name: string,
  pageOf: (asked: AskedPage) => Secret,
  run: SignInRun,
  endOfPage: (page: Secret) => Promise<never> = () => new Promise(() => {}),
): Promise<{ code: Secret; verifier: Secret; redirectUri: string }> {
  const state = new Secret(randomBytes(16).toString('base64url'));
  const verifier = new Secret(randomBytes(32).toString('base64url'));
  const listener = await listenForCallback(state, run.port);
  try {
    const { redirectUri } = listener;
    const address = pageOf({ state, verifier, redirectUri });
    const ends = run.clock.now() + longestMs;
    const callback = await waitAtTerminal<Callback>({
      name,
      text:
        run.open === null
          ? `${run.heading}\n\nOpen this address in a browser:\n${address.reveal()}\n\n${pasteText}`
          : `${run.heading}\n${keysText}`,
      status: run.showsStatus
        ? () => `Waiting for the browser, ${formatDuration((ends - run.clock.now()) / 1000)} left … `
        : null,
      keys: 'u',
      lineStarts: ['http', '127.', '"', "'", '<'],
      work: () =>
        Promise.race([listener.arrived, endOf(longestMs, run.signal), endOfPage(address), endElsewhere(run)]),
      onLine(line, show) {
        if (line === 'u') return show(`\n${address.reveal()}\n`);
        if (line === '')
          return void run.open?.(address).catch((error: unknown) => {
            show(error instanceof AwshError ? error.what : 'No browser could be opened.');
            show('Press u to show the address.');
          });
        const pasted = line.replace(/^["'<]|["'>]$/g, '').replace(/^127\./, 'http://127.');
        if (!listener.take(pasted))
          show(`That is not the address of this sign-in.\n${run.open === null ? pasteText : keysText}`);
      },
    });
    if ('error' in callback) throw new OidcError(callback.error, '');
    return { code: callback.code, verifier, redirectUri };
  } finally {
    listener.close();
  }
}

const elsewhereText = `If your browser runs on another machine, it ends at a page that it cannot open
(http://127.0.0.1…): paste the address of that page here and press Enter.`;
const pasteText = `${elsewhereText}\nTo quit, press q.`;

const keysText = `Press Enter to open your browser, u to show the address, q to quit.
${elsewhereText}`;

function authorizeAddress(
  { scopes, tokenTarget }: SsoSession,
  { clientId }: Registration,
  { state, verifier }: { state: Secret; verifier: Secret },
  redirectUri: string,
): Secret {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    state: state.reveal(),
    code_challenge_method: 'S256',
    // The AWS CLI's own parameter; the standard one is `scope`.
    scopes: scopes.join(' '),
    code_challenge: challengeOf(verifier),
  });
  return new Secret(`${serviceAddress('oidc', tokenTarget)}/authorize?${query}`);
}

async function exchange(
  { tokenTarget }: SsoSession,
  { clientId, clientSecret }: Registration,
  { code, verifier }: { code: Secret; verifier: Secret },
  redirectUri: string,
  { connection, clock }: SignInRun,
): Promise<TokenReply> {
  const fields = {
    clientId,
    clientSecret: clientSecret.reveal(),
    grantType: 'authorization_code',
    code: code.reveal(),
    redirectUri,
    codeVerifier: verifier.reveal(),
  };
  return tokenReply(await askOidc('/token', fields, tokenTarget, connection), tokenTarget, clock.now());
}

/**
 * Throws if this region has no such page (HTTP 404): the browser would show an error, and never
 * return. Waits forever after any other answer, and after none: the browser may get one.
 */
async function untilMissing(page: Secret, { connection }: SignInRun): Promise<never> {
  const request = { method: 'GET', url: page.reveal(), headers: {} } as const;
  const status = await askService(request, connection, 1).then(
    (answer) => answer.status,
    () => 0,
  );
  if (status === 404) throw new OidcError('unsupported_grant_type', '');
  return new Promise(() => {});
}

/** Ends the wait; nothing remains of it when `signal` is aborted. */
export function endOf(ms: number, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(() => reject(new OidcError('expired_token', '')), ms);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
}
