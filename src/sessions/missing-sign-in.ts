import type { AwshError, PersonNeededError } from '../system/index.ts';
import { loginCachePath, loginState } from './login-cache.ts';
import type { RoleCredentialsStep, Step } from './plan-steps.ts';
import { signInWithLogin } from './sources/login-credentials.ts';
import { tokenFileFault } from './sources/web-identity.ts';
import { missingToken, signInAgain, signInOfStep } from './sso/token.ts';
import { strayAddress } from './sso/token-addresses.ts';
import { signInPath } from './sso/token-file.ts';
import { expandedPath, type Surroundings } from './surroundings.ts';

function strayToken(step: RoleCredentialsStep, surroundings: Surroundings): AwshError | null {
  const signIn = signInOfStep(step, surroundings);
  return signIn === null ? null : strayAddress(step, signIn, surroundings);
}

/** The file of the sign-in that a step uses; null if it uses none. */
export function signInFileOfStep(step: Step, surroundings: Surroundings): string | null {
  if (step.kind === 'GetRoleCredentials') return signInPath(step.session ?? step.startUrl, surroundings);
  return step.kind === 'login' ? loginCachePath(step, surroundings) : null;
}

/**
 * The error that a step would end with because of a missing sign-in or token file; null if no such
 * error is known without a call. `now` is in epoch milliseconds.
 */
export function missingSignIn(step: Step, surroundings: Surroundings, now: number): AwshError | null {
  switch (step.kind) {
    case 'GetRoleCredentials':
      return missingToken(step, surroundings, now) ?? strayToken(step, surroundings);
    case 'login': {
      const { state, next } = loginState(step, { surroundings, state: '', now });
      if (next === null) return null;
      return signInWithLogin(step, state === 'ended' ? 'the sign-in has ended' : 'you are not signed in');
    }
    case 'AssumeRoleWithWebIdentity': {
      if (!('file' in step.token)) return null;
      return tokenFileFault(expandedPath(step.token.file, surroundings), step);
    }
    default:
      return null;
  }
}

/** The error (exit 6) for a step that needs a sign-in, with the command; null for any other step. */
export function neededSignIn(step: Step | undefined, why: string): PersonNeededError | null {
  if (step?.kind === 'GetRoleCredentials') return signInAgain(step, why);
  return step?.kind === 'login' ? signInWithLogin(step, why) : null;
}
