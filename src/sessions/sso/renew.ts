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
import { digestOf, type LastTry, lastTry, notePath, noteTry } from './last-try.ts';
import { isSealed, openedToken, sealedReply } from './sealed-token.ts';
import {
  isRenewable,
  neverSignedIn,
  portalName,
  renewedBeforeMs,
  signInEnded,
  signInOfStep,
  tokenRefused,
} from './token.ts';
import { strayAddress } from './token-addresses.ts';
import { mostFileBytes, type Renewal, renewedText, type SignIn, signInPath } from './token-file.ts';
import { RenewalOver, renewToken } from './token-request.ts';

/**
 * In milliseconds. The agent renews earlier than botocore does (15 minutes), so that the two rarely
 * renew the same token at once.
 */
const backgroundMs = 20 * 60_000;
/**
 * In milliseconds. A sign-in is renewed at most once in this time; a refused renewal is not
 * repeated sooner either.
 */
const restMs = 60_000;

/**
 * The access token of a step's sign-in, renewed if it is about to expire and the file has a refresh
 * token. One process renews it; the others wait and read the file again. Throws PersonNeededError
 * (exit 6) if the user has to sign in, NetworkError (9) or LockError (10) if the token has expired
 * and cannot be renewed now.
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
    // If it cannot be renewed now, it is still valid for some minutes, and the next command tries
    // again.
    return renewed(step, run, isDone).catch((error: unknown) => {
      if (isGood && error instanceof AwshError) return signIn.accessToken;
      throw error;
    });
  }
  if (isGood) return signIn.accessToken;
  throw signInEnded(step);
}

/**
 * The replacement for a token that the portal refused although it had not expired: the user has
 * signed out elsewhere, or another program has renewed it. Throws as {@link usableToken}.
 */
export async function tokenInPlaceOf(
  refused: Secret,
  step: RoleCredentialsStep,
  run: SourceRun,
): Promise<Secret> {
  const signIn = signInOfStep(step, run.surroundings);
  if (signIn !== null) refuseStray(step, signIn, run);
  if (signIn !== null && !signIn.accessToken.equals(refused)) return signIn.accessToken;
  if (signIn === null) throw tokenRefused(step);
  try {
    if (!isRenewable(signIn, run.clock.now()) || isResting(signIn, run)) throw tokenRefused(step);
    return await renewed(step, run, ({ accessToken }) => !accessToken.equals(refused));
  } catch (error) {
    if (error instanceof PersonNeededError) noteDead(signIn, run);
    throw error;
  }
}

/** `status` and others show that this token is of no use, although its time has not come. */
function noteDead({ path, accessToken }: SignIn, run: SourceRun): void {
  const note = notePath(path, run);
  noteTry(note, { ...(lastTry(note) ?? { at: 0, refused: null }), dead: digestOf(accessToken) });
}

function refuseStray(step: RoleCredentialsStep, signIn: SignIn, { surroundings }: SourceRun): void {
  const stray = strayAddress(step, signIn, surroundings);
  if (stray !== null) throw stray;
}

/**
 * The token of the file as the portal takes it: decrypted if it is stored encrypted.
 * PersonNeededError if the vault does not open it.
 */
export async function sendableToken(
  token: Secret,
  step: RoleCredentialsStep,
  { sealingKey }: SourceRun,
): Promise<Secret> {
  const opened = await openedToken(token, sealingKey);
  if (opened === null) throw neverSignedIn(step);
  return opened;
}

function isResting(signIn: SignIn, run: SourceRun): boolean {
  return wasTried(lastTry(notePath(signIn.path, run)), run);
}

function wasTried(last: LastTry | null, { clock }: SourceRun): last is LastTry {
  return last !== null && Math.abs(clock.now() - last.at) < restMs;
}

/**
 * Changes a sign-in's file by `work` while no other awsh process renews it; without the lock if the
 * disk refuses that.
 */
export function withSignInLock<T>(path: string, locks: string, work: () => Promise<T>): Promise<T> {
  const options = { timeoutMs: 15_000, staleMs: 30_000, onUnavailable: () => {} };
  return withLock(`${notePath(path, { locks })}.lock`, options, work);
}

/**
 * True if the sign-in at this path can be used without the user: its token is valid, or was renewed
 * now. Throws NetworkError (exit 9) or LockError (10) if that is unknown.
 */
export async function keepSignIn(
  session: Pick<RoleCredentialsStep, 'session' | 'startUrl' | 'tokenTarget' | 'target'>,
  run: SourceRun,
): Promise<boolean> {
  const step = stepWithoutRole(session);
  const signIn = signInOfStep(step, run.surroundings);
  // The endpoint has changed: a new sign-in must come from the one configured now.
  if (signIn !== null && strayAddress(step, signIn, run.surroundings) !== null) return false;
  return usableToken(step, run).then(
    () => true,
    (error: unknown) => {
      if (error instanceof PersonNeededError) return false;
      throw error;
    },
  );
}

/** A step for a token that is not used for a role. */
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
  // The lock only prevents a second renewal.
  const options = { timeoutMs, staleMs: 30_000, onUnavailable: () => {} };
  return withLock(`${notePath(path, run)}.lock`, options, async () => {
    const signIn = signInOfStep(step, run.surroundings);
    if (signIn === null) throw neverSignedIn(step);
    refuseStray(step, signIn, run);
    if (isDone(signIn)) return signIn.accessToken;
    if (signIn.renewal === null) throw signInEnded(step);
    return renewNow(signIn, signIn.renewal, step, run);
  });
}

/** Runs while the lock is held. */
async function renewNow(
  signIn: SignIn,
  renewal: Renewal,
  step: RoleCredentialsStep,
  run: SourceRun,
): Promise<Secret> {
  const note = notePath(signIn.path, run);
  const refused = digestOf(renewal.refreshToken);
  const last = lastTry(note);
  if (wasTried(last, run) && last.refused === refused) throw signInEnded(step);
  const file = reserve(signIn.path, step);
  try {
    const { connection, clock } = run;
    const refreshToken = await openedToken(renewal.refreshToken, run.sealingKey);
    if (refreshToken === null) throw neverSignedIn(step);
    const reply = await renewToken({ ...renewal, refreshToken }, step.tokenTarget, connection, clock.now());
    const { sealingKey } = run;
    const token = isSealed(signIn.accessToken) && sealingKey ? await sealedReply(reply, sealingKey) : reply;
    // While AWS was asked, the user may have signed out, or another program may have signed in.
    const current = signInOfStep(step, run.surroundings);
    if (current === null) throw neverSignedIn(step);
    if (!current.accessToken.equals(signIn.accessToken)) {
      file.abandon();
      return current.accessToken;
    }
    file.replace(renewedText(signIn, token).reveal());
    noteTry(note, { at: clock.now(), refused: null, dead: null });
    return token.accessToken;
  } catch (error) {
    file.abandon();
    if (!(error instanceof RenewalOver)) throw error;
    const meanwhile = await renewedElsewhere(signIn, step, run);
    if (meanwhile !== null) return meanwhile;
    noteTry(note, { at: run.clock.now(), refused, dead: null });
    throw signInEnded(step);
  }
}

/**
 * The token of another program, which does not use awsh's lock and has used the refresh token; null
 * if there is none. Some milliseconds pass between AWS's answer and that program's write.
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

/**
 * Reserves the file before AWS is asked: a refresh token may be valid only once, so its answer must
 * have a place.
 */
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
