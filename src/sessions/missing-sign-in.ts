import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { editCommand } from '../profiles/index.ts';
import { AwshError, printable, UsageError } from '../system/index.ts';
import type { LoginStep, Plan, Step } from './plan-steps.ts';
import { showPlace } from './profile-settings.ts';
import { signInWithLogin } from './sources/login-credentials.ts';
import { ssoToken } from './sources/sso-token.ts';
import { tokenFileFault } from './sources/web-identity.ts';
import { expandedPath, homeOf, type Surroundings } from './surroundings.ts';

/**
 * The error that a step would end with for lack of a sign-in or a token file; null if nothing is missing that can be known
 * without a call. `now` is in epoch milliseconds.
 */
export function missingSignIn(step: Step, surroundings: Surroundings, now: number): AwshError | null {
  switch (step.kind) {
    case 'GetRoleCredentials':
      return ssoFault(() => ssoToken(step, surroundings, now));
    case 'login':
      return existsSync(loginCache(step, surroundings)) ? null : signInWithLogin(step, 'nobody is signed in');
    case 'AssumeRoleWithWebIdentity': {
      if (!('file' in step.token)) return null;
      return tokenFileFault(expandedPath(step.token.file, surroundings), step);
    }
    default:
      return null;
  }
}

/** The error for the profile's `ca_bundle` if that file is not there and AWS_CA_BUNDLE does not take its place; or null. */
export function missingBundle(
  { caBundle, caBundlePlace = null }: Pick<Plan, 'caBundle' | 'caBundlePlace'>,
  surroundings: Surroundings,
): UsageError | null {
  if (caBundle === null || surroundings.AWS_CA_BUNDLE) return null;
  if (existsSync(expandedPath(caBundle, surroundings))) return null;
  const from = caBundlePlace === null ? '' : `${showPlace(caBundlePlace)}: `;
  return new UsageError(
    `${from}ca_bundle names a file that does not exist`,
    `${from}ca_bundle: there is no file ${printable(caBundle)}`,
    caBundlePlace === null ? undefined : editCommand(caBundlePlace),
  );
}

function ssoFault(read: () => unknown): AwshError | null {
  try {
    read();
    return null;
  } catch (error) {
    if (error instanceof AwshError) return error;
    throw error;
  }
}

/** Where `aws login` keeps a session: a file named by the SHA-256 of its name. */
function loginCache({ cacheFolder, loginSession }: LoginStep, surroundings: Surroundings): string {
  const folder = cacheFolder ?? join(homeOf(surroundings), '.aws', 'login', 'cache');
  return join(folder, `${createHash('sha256').update(loginSession).digest('hex')}.json`);
}
