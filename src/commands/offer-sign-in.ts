// If a sign-in is missing, a command at a terminal offers to sign in now.
import type { Context } from '../cli/index.ts';
import { canPick } from '../prompt/index.ts';
import { findSsoSession, type Plan, type SsoSession } from '../sessions/index.ts';
import { unloadedEnvironment } from '../shell/index.ts';
import { PersonNeededError, printable } from '../system/index.ts';
import { supervision } from './coding-agent.ts';
import { signInProfile } from './login-profile.ts';
import { defaultSignInOptions } from './sign-in-options.ts';
import { type AwaitedSignIn, ofLogin, ofSession, type SignInAlone, signInAlone } from './sso-flight.ts';
import { signInHere } from './sso-login.ts';

/**
 * Asks whether to sign in now, and does it. Returns false if the error has another cause, if the
 * user cannot be asked, or if the answer is no; the caller then reports the error. Never asks in
 * CI, or if a command must not ask.
 */
export async function offerSignIn(context: Context, plan: Plan, error: unknown): Promise<boolean> {
  const [step] = plan.steps;
  if (!isMissingSignIn(error) || !(await canSignInHere(context))) return false;
  if (step?.kind === 'login') {
    return signInIfWanted(context, ofLogin(step, context.environment), error, () =>
      signInProfile(context, step.profile, defaultSignInOptions, false),
    );
  }
  if (step?.kind !== 'GetRoleCredentials') return false;
  const environment = unloadedEnvironment(context.environment);
  const session = findSsoSession(step.session ?? step.profile, await context.awsFiles(), environment);
  return signInToSession(context, session, error);
}

/**
 * Runs `work`, and runs it again if the sign-in to this session was missing and the user has signed
 * in.
 */
export async function withSignIn<T>(
  context: Context,
  session: SsoSession,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isOffered = isMissingSignIn(error) && (await canSignInHere(context));
    if (!isOffered || !(await signInToSession(context, session, error))) throw error;
    return await work();
  }
}

function isMissingSignIn(error: unknown): error is PersonNeededError {
  return error instanceof PersonNeededError && error.need === 'sign-in';
}

/** True if the user can be asked, and a browser may be opened. */
export async function canSignInHere(context: Context): Promise<boolean> {
  if (context.asksNobody || context.environment.CI || !canPick()) return false;
  if ((await supervision(context)) !== null) return false;
  return (await context.prompter()).canAsk;
}

/** How long a command waits for the sign-in of another terminal, which it needs. */
const patienceMs = 60_000;

/** One terminal asks, the others wait for it. */
async function signInIfWanted(
  context: Context,
  awaited: AwaitedSignIn,
  error: PersonNeededError,
  signIn: () => Promise<void>,
): Promise<boolean> {
  let isRefused = false;
  const askAndSignIn = async ({ isChosen }: SignInAlone) => {
    isRefused = !isChosen && !(await isWanted(context, awaited.name, error));
    if (!isRefused) await signIn();
  };
  return (await signInAlone(context, awaited, askAndSignIn, patienceMs)) && !isRefused;
}

function signInToSession(context: Context, session: SsoSession, error: PersonNeededError): Promise<boolean> {
  const awaited = ofSession(session, context.environment);
  return signInIfWanted(context, awaited, error, () => signInHere(context, session));
}

async function isWanted(context: Context, name: string, error: PersonNeededError): Promise<boolean> {
  const prompter = await context.prompter();
  prompter.tell(`awsh: ${error.why ?? error.what}`);
  return prompter.confirm(`Sign in to ${printable(name)} now?`, 'yes');
}
