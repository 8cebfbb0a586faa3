// How status, list, explain and doctor show a sign-in.
import type { Context } from '../cli/index.ts';
import { type AwsFiles, findProfile, resolveProfile } from '../profiles/index.ts';
import {
  loginState,
  planFor,
  type SignInFacts,
  type SignInState,
  type Step,
  signInState,
} from '../sessions/index.ts';
import { clockTime, unloadedEnvironment } from '../shell/index.ts';
import { AwshError, formatDuration } from '../system/index.ts';

/** The sign-in at the beginning of a chain; null if the step needs none. */
export function signInOfStep(step: Step | undefined, facts: SignInFacts): SignInState | null {
  if (step?.kind === 'GetRoleCredentials') return signInState({ ...step, profile: profileOf(step) }, facts);
  return step?.kind === 'login' ? loginState(step, facts) : null;
}

const profileOf = ({ profile, signInProfile }: { profile: string; signInProfile?: string }) =>
  signInProfile ?? profile;

/** The sign-in that this profile, or the source of its role, needs; null if it needs none. */
export async function signInOfProfile(
  { awsFiles, environment, paths, clock, vault }: Context,
  profile: string | null,
): Promise<SignInState | null> {
  try {
    const files = await awsFiles();
    if (profile === null || findProfile(files, profile) === null) return null;
    const keys = (await vault()).keys();
    const { steps } = planFor({ files, profile, keys, environment: unloadedEnvironment(environment) });
    return signInOfStep(steps[0], { surroundings: environment, state: paths.state, now: clock.now() });
  } catch (error) {
    // Another check reports why it cannot be planned.
    if (error instanceof AwshError) return null;
    throw error;
  }
}

/**
 * The sign-in of each profile by its own settings. A file is read once for all profiles that share
 * it.
 */
export function signInsOfProfiles(
  files: AwsFiles,
  facts: SignInFacts,
): (profile: string) => SignInState | null {
  const known = new Map<string, SignInState>();
  return (profile) => {
    const { session, startUrl, login } = signInSettings(files, profile);
    const key = session ?? startUrl ?? login;
    if (key === null) return null;
    const found = known.get(key);
    if (found !== undefined) return found;
    const state =
      key === login
        ? loginState({ profile, loginSession: key, cacheFolder: null }, facts)
        : signInState({ session, startUrl: startUrl ?? '', profile }, facts);
    known.set(key, state);
    return state;
  };
}

interface SignInSettings {
  readonly session: string | null;
  readonly startUrl: string | null;
  readonly login: string | null;
}

function signInSettings(files: AwsFiles, profile: string): SignInSettings {
  try {
    const { properties } = resolveProfile(files, profile);
    const value = (key: string) => properties.get(key)?.value || null;
    return {
      session: value('sso_session'),
      startUrl: value('sso_start_url'),
      login: value('login_session'),
    };
  } catch (error) {
    // Another check reports a profile that cannot be read.
    if (error instanceof AwshError) return { session: null, startUrl: null, login: null };
    throw error;
  }
}

/** One line: the expiry, whether it can be renewed, and who signed in. */
export function signInText(signIn: SignInState, now: number): string {
  const { state, renewable, why, by } = signIn;
  const writer = by === null ? '' : `, by ${by}`;
  const until = untilText(signIn, now);
  switch (state) {
    case 'signed in':
      return `${until}${writer}; ${renewable ? 'renewed automatically' : `it cannot be renewed: ${why}`}`;
    case 'renewed when needed':
      return `the token ended at ${until}${writer}; it is renewed when it is needed`;
    case 'ended':
      return `ended${signIn.until === null ? '' : ` at ${until}`}${writer}; it cannot be renewed: ${why}`;
    default:
      return 'none';
  }
}

function untilText({ until, state }: SignInState, now: number): string {
  if (until === null) return 'an unknown time';
  const ends = Date.parse(until);
  const time = clockTime(ends / 1000);
  return state === 'signed in' ? `until ${time} (${formatDuration((ends - now) / 1000)} left)` : time;
}

/** A cell of a table: `59m, renewable`. */
export function signInCell(signIn: SignInState | null, now: number): string {
  if (signIn === null) return '-';
  const { state, until, renewable } = signIn;
  if (state === 'renewed when needed') return 'renewable';
  if (state !== 'signed in' || until === null) return 'needs sign-in';
  const left = formatDuration((Date.parse(until) - now) / 1000);
  return renewable ? `${left}, renewable` : left;
}
