import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AwshError,
  diskFault,
  PersonNeededError,
  printable,
  type ReservedFile,
  reserveFile,
  type Secret,
  withLock,
} from '../../system/index.ts';
import type { RoleCredentialsStep } from '../plan-steps.ts';
import type { SourceRun } from '../sources/source-run.ts';
import { digestOf, type LastTry, lastTry, noteTry } from './last-try.ts';
import {
  isRenewable,
  neverSignedIn,
  portalName,
  renewedBeforeMs,
  signInAgain,
  signInEnded,
  signInOfStep,
} from './token.ts';
import { strayAddress } from './token-addresses.ts';
import { mostFileBytes, type Renewal, renewedText, type SignIn, signInPath } from './token-file.ts';
import { RenewalOver, renewToken } from './token-request.ts';

/** The agent renews earlier, before botocore does (15 minutes), so that the two seldom renew one token at a time. */
const backgroundMs = 20 * 60_000;
/** A sign-in is renewed at most once in this time; one that AWS refused to renew is not tried again so soon. */
const restMs = 60_000;

/**
 * The access token of a step's sign-in, renewed if it is about to end and the file has a refresh token. One process renews, the
 * others wait for it and read the file again. Throws PersonNeededError (exit 6) if the user has to sign in, NetworkError (9) or
 * LockError (10) if the token has ended and cannot be renewed now.
 */
export async function usableToken(step: RoleCredentialsStep, run: SourceRun): Promise<Secret> {
  const signIn = signInOfStep(step, run.surroundings);
  if (signIn === null) throw neverSignedIn(step);
  refuseStray(step, signIn, run);
  const now = run.clock.now();
  const beforeMs = run.commands === 'never' ? backgroundMs : renewedBeforeMs;
  if (signIn.ends - now > beforeMs) return signIn.accessToken;
  const isGood = signIn.ends > now;
  if (isRenewable(signIn, now) && !(isGood && isResting(signIn, run))) {
    const isDone = ({ ends }: SignIn) => ends - run.clock.now() > beforeMs;
    // If it cannot be renewed now, it is still good for some minutes: the next command tries again.
    return renewed(step, run, isDone).catch((error: unknown) => {
      if (isGood && error instanceof AwshError) return signIn.accessToken;
      throw error;
    });
  }
  if (isGood) return signIn.accessToken;
  throw signInEnded(step);
}

/**
 * The token in place of one that the portal did not accept although it had not ended: the user signed out elsewhere, or another
 * program has renewed it since. Throws as {@link usableToken}.
 */
export async function tokenInPlaceOf(
  refused: Secret,
  step: RoleCredentialsStep,
  run: SourceRun,
): Promise<Secret> {
  const signIn = signInOfStep(step, run.surroundings);
  if (signIn !== null) refuseStray(step, signIn, run);
  if (signIn !== null && !signIn.accessToken.equals(refused)) return signIn.accessToken;
  if (signIn === null || !isRenewable(signIn, run.clock.now()) || isResting(signIn, run))
    throw tokenRefused(step);
  return renewed(step, run, ({ accessToken }) => !accessToken.equals(refused));
}

function refuseStray(step: RoleCredentialsStep, signIn: SignIn, { surroundings }: SourceRun): void {
  const stray = strayAddress(step, signIn, surroundings);
  if (stray !== null) throw stray;
}

/** The portal does not take the token of the sign-in: exit 6. */
export function tokenRefused(step: RoleCredentialsStep): PersonNeededError {
  return signInAgain(step, `the portal no longer accepts the token of ${portalName(step)}`);
}

function isResting(signIn: SignIn, run: SourceRun): boolean {
  return wasTried(lastTry(noteOf(signIn.path, run)), run);
}

function wasTried(last: LastTry | null, { clock }: SourceRun): last is LastTry {
  return last !== null && Math.abs(clock.now() - last.at) < restMs;
}

/** Beside the locks, and not in the cache: other tools read each file there. */
function noteOf(path: string, { locks }: Pick<SourceRun, 'locks'>): string {
  return join(locks, `sso-${basename(path, '.json')}`);
}

/** Changes a sign-in's file by `work` while no awsh renews it; without the lock if the disk refuses that. */
export function withSignInLock<T>(path: string, locks: string, work: () => Promise<T>): Promise<T> {
  const options = { timeoutMs: 15_000, staleMs: 30_000, onUnavailable: () => {} };
  return withLock(`${noteOf(path, { locks })}.lock`, options, work);
}

/**
 * True if the sign-in at this path can be used without the user: its token is good, or was renewed now. Throws NetworkError (exit 9)
 * or LockError (10) if that cannot be found out.
 */
export async function keepSignIn(
  session: Pick<RoleCredentialsStep, 'session' | 'startUrl' | 'tokenTarget' | 'target'>,
  run: SourceRun,
): Promise<boolean> {
  const step = stepWithoutRole(session);
  const signIn = signInOfStep(step, run.surroundings);
  // A new sign-in comes from the address that is configured now.
  if (signIn !== null && strayAddress(step, signIn, run.surroundings) !== null) return false;
  return usableToken(step, run).then(
    () => true,
    (error: unknown) => {
      if (error instanceof PersonNeededError) return false;
      throw error;
    },
  );
}

/** For a token that no role is asked with. */
export function stepWithoutRole(
  session: Pick<RoleCredentialsStep, 'session' | 'startUrl' | 'tokenTarget' | 'target'>,
): RoleCredentialsStep {
  const noRole = { kind: 'GetRoleCredentials', profile: '', account: '', roleName: '' } as const;
  return { ...noRole, ...session };
}

async function renewed(
  step: RoleCredentialsStep,
  run: SourceRun,
  isDone: (signIn: SignIn) => boolean,
): Promise<Secret> {
  const path = signInPath(step.session ?? step.startUrl, run.surroundings);
  const timeoutMs = Math.min(10_000, run.connection.timeoutMs ?? 10_000);
  // The lock only saves a second renewal.
  const options = { timeoutMs, staleMs: 30_000, onUnavailable: () => {} };
  return withLock(`${noteOf(path, run)}.lock`, options, async () => {
    const signIn = signInOfStep(step, run.surroundings);
    if (signIn === null) throw neverSignedIn(step);
    refuseStray(step, signIn, run);
    if (isDone(signIn)) return signIn.accessToken;
    if (signIn.renewal === null) throw signInEnded(step);
    return renewNow(signIn, signIn.renewal, step, run);
  });
}

/** Under the lock. */
async function renewNow(
  signIn: SignIn,
  renewal: Renewal,
  step: RoleCredentialsStep,
  run: SourceRun,
): Promise<Secret> {
  const note = noteOf(signIn.path, run);
  const refused = digestOf(renewal.refreshToken);
  const last = lastTry(note);
  if (wasTried(last, run) && last.refused === refused) throw signInEnded(step);
  const file = reserve(signIn.path, step);
  try {
    const { connection, clock } = run;
    const token = await renewToken(renewal, step.tokenTarget, connection, clock.now());
    // The user may have signed out, or another program signed in, while AWS was asked.
    const current = signInOfStep(step, run.surroundings);
    if (current === null) throw neverSignedIn(step);
    if (!current.accessToken.equals(signIn.accessToken)) {
      file.abandon();
      return current.accessToken;
    }
    file.replace(renewedText(signIn, token).reveal());
    noteTry(note, { at: clock.now(), refused: null });
    return token.accessToken;
  } catch (error) {
    file.abandon();
    if (!(error instanceof RenewalOver)) throw error;
    const meanwhile = await renewedElsewhere(signIn, step, run);
    if (meanwhile !== null) return meanwhile;
    noteTry(note, { at: run.clock.now(), refused });
    throw signInEnded(step);
  }
}

/**
 * The token of another program, which takes no lock of awsh's and has used the refresh token up; null if there is none. Between
 * its answer from AWS and its file there are some milliseconds.
 */
async function renewedElsewhere(
  { accessToken }: SignIn,
  step: RoleCredentialsStep,
  run: SourceRun,
): Promise<Secret | null> {
  for (let look = 0; look < 4; look++) {
    if (look > 0) await sleep(150);
    const found = signInOfStep(step, run.surroundings);
    if (found !== null && !found.accessToken.equals(accessToken) && found.ends > run.clock.now())
      return found.accessToken;
  }
  return null;
}

/** Before AWS is asked: a refresh token may be good once, and its answer must have a place. */
function reserve(path: string, step: RoleCredentialsStep): ReservedFile {
  try {
    return reserveFile(path, mostFileBytes);
  } catch (error) {
    const fault = diskFault(error);
    if (fault === null) throw error;
    throw new PersonNeededError(
      `the sign-in to ${portalName(step)} cannot be renewed from here`,
      `${printable(path)} cannot be written: ${fault.why}`,
      fault.next,
      'sign-in',
    );
  }
}
