// What a command at a terminal does if a sign-in is missing: it offers to sign in now.
import type { Context } from '../cli/index.ts';
import { canPick } from '../prompt/index.ts';
import { findSsoSession, type Plan } from '../sessions/index.ts';
import { unloadedEnvironment } from '../shell/index.ts';
import { PersonNeededError, printable } from '../system/index.ts';
import { signInHere } from './sso-login.ts';

/**
 * Asks whether to sign in now, and does it. False if the error is about something else, if nobody can be asked, or if the answer is
 * no: then the error is the answer. Never in CI, and never where a command must not ask.
 */
export async function offerSignIn(context: Context, plan: Plan, error: unknown): Promise<boolean> {
  const [step] = plan.steps;
  if (!(error instanceof PersonNeededError) || error.need !== 'sign-in') return false;
  if (step?.kind !== 'GetRoleCredentials' || context.environment.CI) return false;
  const prompter = await context.prompter();
  if (context.asksNobody || !canPick() || !prompter.canAsk) return false;
  const environment = unloadedEnvironment(context.environment);
  const session = findSsoSession(step.session ?? step.profile, await context.awsFiles(), environment);
  const name = printable(session.name ?? session.startUrl);
  prompter.tell(`awsh: ${error.why ?? error.what}`);
  if (!(await prompter.confirm(`Sign in to ${name} now?`, 'yes'))) return false;
  await signInHere(context, session);
  return true;
}
