import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AwshError } from '../system/index.ts';
import type { LoginStep, Step } from './plan-steps.ts';
import { signInWithLogin } from './sources/login-credentials.ts';
import { tokenFileFault } from './sources/web-identity.ts';
import { missingToken } from './sso/token.ts';
import { expandedPath, homeOf, type Surroundings } from './surroundings.ts';

/**
 * The error that a step would end with for lack of a sign-in or a token file; null if nothing is missing that can be known
 * without a call. `now` is in epoch milliseconds.
 */
export function missingSignIn(step: Step, surroundings: Surroundings, now: number): AwshError | null {
  switch (step.kind) {
    case 'GetRoleCredentials':
      return missingToken(step, surroundings, now);
    case 'login':
      return existsSync(loginCache(step, surroundings))
        ? null
        : signInWithLogin(step, 'you are not signed in');
    case 'AssumeRoleWithWebIdentity': {
      if (!('file' in step.token)) return null;
      return tokenFileFault(expandedPath(step.token.file, surroundings), step);
    }
    default:
      return null;
  }
}

/** Where `aws login` keeps a session: a file named by the SHA-256 of its name. */
function loginCache({ cacheFolder, loginSession }: LoginStep, surroundings: Surroundings): string {
  const folder = cacheFolder ?? join(homeOf(surroundings), '.aws', 'login', 'cache');
  return join(folder, `${createHash('sha256').update(loginSession).digest('hex')}.json`);
}
