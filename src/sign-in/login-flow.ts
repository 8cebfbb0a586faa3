// `aws login`: a user of the AWS console signs in, and programs get keys that can be renewed for
// some hours.
import { randomBytes } from 'node:crypto';
import { waitAtTerminal } from '../prompt/index.ts';
import {
  challengeOf,
  type LoginCode,
  loginAddress,
  loginByCode,
  loginClients,
  type NewLogin,
  OidcError,
  type StsTarget,
} from '../sessions/index.ts';
import { printable, Secret } from '../system/index.ts';
import { codeByBrowser, endOf, longestMs } from './browser-flow.ts';
import type { ChosenFlow } from './choose-flow.ts';
import { endElsewhere, SignedInElsewhere } from './elsewhere.ts';
import { type SignInRun, type SignInServices, servicesOfRun } from './sign-in.ts';
import { signInRefused } from './sign-in-errors.ts';

/** What a profile with `login_session` signs in to. */
export interface LoginTarget {
  readonly profile: string;
  readonly target: StsTarget;
  readonly caBundle: string | null;
}

/**
 * Signs in with the browser, or by a code that the user pastes; null if another terminal has signed
 * in meanwhile. `again` is the command that starts another sign-in. Throws as `signIn`.
 */
export async function signInByLogin(
  login: LoginTarget,
  { flow, why }: ChosenFlow,
  services: SignInServices,
  again: string,
): Promise<NewLogin | null> {
  const over = new AbortController();
  const how = flow === 'browser' ? 'in your browser' : 'with a code';
  const heading = [
    `Signing in to AWS for profile ${printable(login.profile)} ${[how, why].filter(Boolean).join(', ')}`,
    `  ${printable(new URL(loginAddress(login.target)).host)}`,
  ].join('\n');
  const run = servicesOfRun(services, { caBundle: login.caBundle }, heading, over.signal);
  try {
    const code = flow === 'browser' ? await byBrowser(login, run) : await byPaste(login, run);
    const { connection, clock } = run;
    return await loginByCode(code, login.target, { connection, now: () => clock.now(), again });
  } catch (error) {
    if (error instanceof SignedInElsewhere) return null;
    if (error instanceof OidcError) throw signInRefused(error, again);
    throw error;
  } finally {
    over.abort();
  }
}

async function byBrowser({ target }: LoginTarget, run: SignInRun): Promise<LoginCode> {
  const clientId = loginClients.browser;
  const name = 'a sign-in to AWS';
  const found = await codeByBrowser(
    name,
    (asked) => authorizeAddress(target, clientId, asked.redirectUri, asked),
    run,
  );
  return { clientId, ...found };
}

function authorizeAddress(
  target: StsTarget,
  clientId: string,
  redirectUri: string,
  { state, verifier }: { state: Secret; verifier: Secret },
): Secret {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    state: state.reveal(),
    // AWS Sign-In's own name of S256.
    code_challenge_method: 'SHA-256',
    scope: 'openid',
    redirect_uri: redirectUri,
    code_challenge: challengeOf(verifier),
  });
  return new Secret(`${loginAddress(target)}/v1/authorize?${query}`);
}

/** The page shows a code, which also contains the state. */
async function byPaste({ target }: LoginTarget, run: SignInRun): Promise<LoginCode> {
  const clientId = loginClients.code;
  const redirectUri = `${loginAddress(target)}/v1/sessions/confirmation`;
  const state = new Secret(randomBytes(16).toString('base64url'));
  const verifier = new Secret(randomBytes(32).toString('base64url'));
  const address = authorizeAddress(target, clientId, redirectUri, { state, verifier });
  let take: (code: Secret) => void = () => {};
  const pasted = new Promise<Secret>((resolve) => {
    take = resolve;
  });
  const code = await waitAtTerminal<Secret>({
    name: 'a sign-in to AWS',
    text: `${run.heading}\n\nOpen this address in a browser on any machine:\n${address.reveal()}\n\n${askText}`,
    status: null,
    keys: '',
    lineStarts: null,
    work: () => Promise.race([pasted, endOf(longestMs, run.signal), endElsewhere(run)]),
    onLine(line, show) {
      const found = pastedCode(line.trim(), state);
      if (found !== null) take(found);
      else if (line.trim() !== '') show(`That is not the code of this sign-in.\n${askText}`);
    },
  });
  return { clientId, code, verifier, redirectUri };
}

const askText = 'Paste the code that the page shows and press Enter, or press q and Enter to quit.';

/**
 * The code in the page's text: `code=…&state=…` in base64. Null if it belongs to another sign-in.
 */
function pastedCode(text: string, state: Secret): Secret | null {
  const fields = new URLSearchParams(Buffer.from(text, 'base64').toString('utf8'));
  const code = fields.get('code') ?? '';
  const isOurs = state.equals(new Secret(fields.get('state') ?? ''));
  return isOurs && /^[!-~]{1,512}$/.test(code) ? new Secret(code) : null;
}
