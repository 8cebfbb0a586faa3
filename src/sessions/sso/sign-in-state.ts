// The facts about a sign-in that are known without a call, for status, list, explain and doctor.
// Contains no token.
import { operandWord, rfc3339 } from '../../system/index.ts';
import type { Surroundings } from '../surroundings.ts';
import { isClientOf } from './registration.ts';
import { isRenewable, refusalOf } from './token.ts';
import { readSignIn, type SignIn, signInPath } from './token-file.ts';

/** A sign-in as `--json` prints it; null means "none" or "not known". */
export interface SignInState {
  /** The name of the [sso-session], or the start URL of a profile without one. */
  readonly session: string;
  readonly state: 'signed in' | 'renewed when needed' | 'ended' | 'not signed in';
  /** RFC 3339, of the token in the file. */
  readonly until: string | null;
  /** The next command can renew an expired token without the user. */
  readonly renewable: boolean;
  /** Why it is not renewable; null if it is, or if there is no sign-in. */
  readonly why: string | null;
  /** Who signed in. */
  readonly by: 'awsh' | 'another program' | null;
  /** The command that signs in, if the user has to. */
  readonly next: string | null;
}

/** What a sign-in belongs to. */
export interface SignInKey {
  /** Null for a start URL in the profile itself. */
  readonly session: string | null;
  readonly startUrl: string;
  /** For the next command if there is no session. */
  readonly profile: string;
}

/**
 * The facts in a user's files about sign-ins. `now` is in epoch milliseconds; `state` is the folder
 * of awsh's own state files.
 */
export interface SignInFacts {
  readonly surroundings: Surroundings;
  readonly state: string;
  readonly now: number;
}

/** Reads the files of the sign-in; makes no call. */
export function signInState(key: SignInKey, facts: SignInFacts): SignInState {
  const name = key.session ?? key.startUrl;
  const found = readSignIn(signInPath(name, facts.surroundings));
  const next = `awsh sso login ${operandWord(key.session ?? key.profile)}`;
  if (found === null) {
    const none = { until: null, renewable: false, why: null, by: null };
    return { session: name, state: 'not signed in', ...none, next };
  }
  const { now } = facts;
  const refusal = refusalOf(found, facts.surroundings);
  const renewable = refusal === null && isRenewable(found, Math.max(now, found.ends || 0));
  const isGood = found.ends > now && refusal !== 'token';
  const isEndKnown = found.ends <= now || isGood;
  return {
    session: name,
    state: isGood ? 'signed in' : renewable ? 'renewed when needed' : 'ended',
    until: isEndKnown ? rfc3339(new Date(found.ends)) : null,
    renewable,
    why: renewable ? null : refusal === null ? whyNotRenewable(found, key) : refusals[refusal],
    by: isClientOf(name, found, facts) ? 'awsh' : 'another program',
    next: isGood || renewable ? null : next,
  };
}

const refusals = {
  token: 'AWS no longer accepts its token',
  renewal: 'AWS refused to renew it',
} as const;

function whyNotRenewable({ renewal }: SignIn, { session }: SignInKey): string {
  if (session === null) return 'the profile has sso_start_url and no sso_session';
  if (renewal === null) return 'its file has no refresh token';
  return `the registration of the client ends at ${rfc3339(new Date(renewal.registrationEnds))}`;
}
