import { createHash } from 'node:crypto';
import { join } from 'node:path';
import {
  jsonFields,
  PersonNeededError,
  printable,
  profileOption,
  readFileIfThere,
  Secret,
  shellCommand,
} from '../../system/index.ts';
import type { RoleCredentialsStep } from '../plan-steps.ts';
import { homeOf, type Surroundings } from '../surroundings.ts';

/**
 * The token that `aws sso login` left in `~/.aws/sso/cache`: in a file named by the SHA-1 of the session's name, or of the
 * start URL as written. PersonNeededError (exit 6) where there is none, or it has ended.
 */
export function ssoToken(step: RoleCredentialsStep, surroundings: Surroundings, now: number): Secret {
  const found = cachedToken(step.session ?? step.startUrl, surroundings);
  if (found === null) throw signInAgain(step, 'nobody is signed in to PORTAL');
  if (!(found.ends > now)) throw signInAgain(step, 'the sign-in to PORTAL has ended');
  return found.token;
}

/** True where the AWS CLI is signed in to this session, or at this start URL. */
export function isSignedIn(session: string, surroundings: Surroundings, now: number): boolean {
  const found = cachedToken(session, surroundings);
  return found !== null && found.ends > now;
}

/** `ends` is in epoch milliseconds, NaN where it is not said. */
function cachedToken(session: string, surroundings: Surroundings): { token: Secret; ends: number } | null {
  const name = createHash('sha1').update(session).digest('hex');
  const path = join(homeOf(surroundings), '.aws', 'sso', 'cache', `${name}.json`);
  const { accessToken, expiresAt } = jsonFields(read(path));
  if (typeof accessToken !== 'string' || !/^[!-~]{1,16384}$/.test(accessToken)) return null;
  // Old files end in `UTC`.
  return { token: new Secret(accessToken), ends: Date.parse(String(expiresAt).replace(/UTC$/, 'Z')) };
}

function read(path: string): string {
  try {
    return readFileIfThere(path) ?? '';
  } catch {
    return '';
  }
}

/** The user has to sign in: exit 6, with the command. `PORTAL` in `why` stands for the session or the start URL. */
export function signInAgain(
  { profile, signInProfile, session, startUrl }: RoleCredentialsStep,
  why: string,
): PersonNeededError {
  return new PersonNeededError(
    `profile ${JSON.stringify(printable(profile))} needs a sign-in to IAM Identity Center`,
    why.replace('PORTAL', () => printable(session === null ? startUrl : `the session ${session}`)),
    signInProfile !== undefined && session !== null
      ? shellCommand`aws sso login --sso-session ${session}`
      : `aws sso login ${profileOption(signInProfile ?? profile)}`,
    'sign-in',
  );
}
