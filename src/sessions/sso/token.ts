import { appPaths, operandWord, PersonNeededError, printable } from '../../system/index.ts';
import type { RoleCredentialsStep } from '../plan-steps.ts';
import type { Surroundings } from '../surroundings.ts';
import { digestOf, lastTry, notePath } from './last-try.ts';
import { readSignIn, type SignIn, signInPath } from './token-file.ts';

/**
 * In milliseconds. A token with less time left is renewed before it is used, as in the JavaScript
 * and Rust SDKs.
 */
export const renewedBeforeMs = 5 * 60_000;

/** The sign-in that a step uses; null if there is none. */
export function signInOfStep(
  { session, startUrl }: RoleCredentialsStep,
  surroundings: Surroundings,
): SignIn | null {
  return readSignIn(signInPath(session ?? startUrl, surroundings));
}

/**
 * True if the sign-in can be used at `now` (epoch milliseconds): the token is valid, or a refresh
 * token can renew it.
 */
export function isUsable(signIn: SignIn | null, now: number): signIn is SignIn {
  return signIn !== null && (signIn.ends > now || isRenewable(signIn, now));
}

export function isRenewable({ renewal }: SignIn, now: number): boolean {
  return renewal !== null && renewal.registrationEnds > now;
}

/** True if there is a usable sign-in for this session, or at this start URL. */
export function isSignedIn(session: string, surroundings: Surroundings, now: number): boolean {
  return isUsable(readSignIn(signInPath(session, surroundings)), now);
}

/**
 * The error that a step would end with because the sign-in is missing; null if there is a usable
 * one.
 */
export function missingToken(
  step: RoleCredentialsStep,
  surroundings: Surroundings,
  now: number,
): PersonNeededError | null {
  const signIn = signInOfStep(step, surroundings);
  if (signIn === null) return neverSignedIn(step);
  const refusal = refusalOf(signIn, surroundings);
  if (refusal === 'token') return tokenRefused(step);
  return (refusal === null ? isUsable(signIn, now) : signIn.ends > now) ? null : signInEnded(step);
}

/**
 * What AWS refused last: the very token in this file, for which there was no other, or its renewal.
 * Null if AWS refused neither of them.
 */
export function refusalOf(
  { path, accessToken, renewal }: SignIn,
  surroundings: Surroundings,
): 'token' | 'renewal' | null {
  const last = lastTry(notePath(path, appPaths(surroundings)));
  if (last?.dead === digestOf(accessToken)) return 'token';
  return renewal !== null && last?.refused === digestOf(renewal.refreshToken) ? 'renewal' : null;
}

export function neverSignedIn(step: RoleCredentialsStep): PersonNeededError {
  return signInAgain(step, `you are not signed in to ${portalName(step)}`);
}

export function signInEnded(step: RoleCredentialsStep): PersonNeededError {
  return signInAgain(step, `the sign-in to ${portalName(step)} has ended`);
}

/** The session's name or the start URL, as text for the user. */
export function portalName({ session, startUrl }: RoleCredentialsStep): string {
  return printable(session === null ? startUrl : `the session ${session}`);
}

/** The user has to sign in: exit 6, with the command. */
export function signInAgain(
  { profile, signInProfile, session }: RoleCredentialsStep,
  why: string,
): PersonNeededError {
  return new PersonNeededError(
    `profile ${JSON.stringify(printable(profile))} needs a sign-in to IAM Identity Center`,
    why,
    `awsh sso login ${operandWord(session ?? signInProfile ?? profile)}`,
    'sign-in',
  );
}

/** The error (exit 6) for a token that the portal does not accept. */
export function tokenRefused(step: RoleCredentialsStep): PersonNeededError {
  return signInAgain(step, `the portal no longer accepts the token of ${portalName(step)}`);
}
