import { isRegion, reservedProfile, resolveProfile } from '../profiles/index.ts';
import { needOf, type Plan } from '../sessions/index.ts';
import {
  blockedChange,
  type Reply,
  type ReplyStatus,
  type SentState,
  type StateRecord,
  stateRecord,
} from '../shell/index.ts';
import {
  type AwshError,
  AwshLockedError,
  CancelledError,
  explained,
  type Failure,
  PersonNeededError,
  passesWithTime,
  printable,
  withHomeShort,
} from '../system/index.ts';
import type { LoadServices } from './load-services.ts';
import { nextCommand, spokenAdvice } from './next-command.ts';
import type { Wish } from './wish.ts';

export const noDirectoryFile: Reply = {
  status: 'none',
  renew: 0,
  label: '-',
  change: null,
  say: [],
  record: null,
};

/**
 * `awsh use` cannot find the profile: the hook changes nothing and lets the command `use` report
 * the reason.
 */
export const keepAsItIs: Reply = { ...noDirectoryFile, status: 'keep' };

/** The file may not load anything: the shell keeps the user's own credentials. */
export function notAllowed(record: StateRecord<SentState>): Reply {
  return { status: 'deny', renew: 0, label: record.state, change: null, say: [], record };
}

/**
 * The file is allowed but cannot be loaded: commands must not fall back to the user's own
 * [default], so the shell is blocked.
 */
export function blocked(
  record: StateRecord<SentState>,
  status: ReplyStatus = 'blocked',
  region: string | null = null,
): Reply {
  return { status, renew: 0, label: record.state, change: blockedChange(region), say: [], record };
}

export function notConfirmed({ profile }: Wish, plan: Plan, cause: string): Reply {
  const record = stateRecord('not confirmed', { profile: printable(profile), cause });
  return blocked(record, 'confirm', plan.region);
}

/** Seconds until a load is tried again without a command, for failures that pass with time. */
const retrySeconds: Partial<Record<Failure, number>> = { network: 60, lock: 10 };

/**
 * Without an agent, the least number of seconds between checks, at a prompt, for a sign-in in
 * another terminal.
 */
const signInSeconds = 2;

/**
 * The reply for a failed load: the shell is blocked and gets the reason. `plan` is null if none
 * could be made.
 */
export function failedLoad(
  thrown: unknown,
  wish: Wish,
  plan: Plan | null,
  { clock, awsFiles }: Pick<LoadServices, 'clock' | 'awsFiles'>,
): Reply {
  const error = explained(thrown);
  if (error === null) throw thrown;
  const isAwsAtFault = error.failure === 'awsRefused' && passesWithTime(error);
  const waits = retrySeconds[isAwsAtFault ? 'network' : error.failure];
  const record = failureRecord(error, wish, plan);
  const seconds = record.state === 'needs sign-in' ? signInSeconds : waits;
  return {
    ...blocked(record, statusOf(record, wish), plan?.region ?? regionOf(wish, awsFiles)),
    renew: seconds === undefined ? 0 : Math.floor(clock.now() / 1000) + seconds,
    exitStatus: error.exitStatus,
  };
}

/**
 * The region of a profile that has no plan, as far as the files name one; null if a profile has the
 * name that blocks shells: without a region, programs do not reach AWS with its credentials.
 */
function regionOf({ profile, region }: Wish, awsFiles: LoadServices['awsFiles']): string | null {
  try {
    if (reservedProfile(awsFiles()) !== null) return null;
    if (region !== null) return region;
    const named = resolveProfile(awsFiles(), profile).properties.get('region')?.value ?? '';
    return isRegion(named) ? named : null;
  } catch {
    return region;
  }
}

function statusOf({ state }: StateRecord, { kind }: Wish): ReplyStatus {
  if (state.startsWith('needs ')) return 'person';
  return kind === 'pin' ? 'error' : 'blocked';
}

function failureRecord(error: AwshError, wish: Wish, plan: Plan | null): StateRecord<SentState> {
  if (error instanceof AwshLockedError) return stateRecord('locked');
  const values = { profile: printable(wish.profile), cause: causeOf(error) };
  if (error.failure === 'personNeeded' || error.failure === 'cancelled') {
    const need = needFor(error, plan);
    const cause = error.failure === 'cancelled' ? cancelledCause(error, need) : neededCause(error);
    return stateRecord(
      `needs ${need}`,
      { ...values, cause },
      signInCommand(error, plan) ?? otherPrompt(error),
    );
  }
  if (wish.kind === 'pin') return stateRecord('error', { ...values, cause: pinnedCause(error) });
  return stateRecord('blocked', values, nextCommand(error, wish.file) ?? undefined);
}

function needFor(error: AwshError, plan: Plan | null): PersonNeededError['need'] {
  if (error instanceof PersonNeededError) return error.need;
  if (error instanceof CancelledError && error.need !== null) return error.need;
  return plan === null ? 'an answer' : needOf(plan);
}

const cancelled = {
  MFA: 'the question for the MFA code was cancelled',
  'sign-in': 'the sign-in was cancelled',
  passphrase: 'the question for the passphrase of the vault was cancelled',
  refresh: 'the command of the profile was cancelled',
  'an answer': 'the question was cancelled',
} as const satisfies Record<PersonNeededError['need'], string>;

function cancelledCause({ why }: AwshError, need: PersonNeededError['need']): string {
  return why === undefined ? cancelled[need] : `${cancelled[need]}: ${why}`;
}

/**
 * The reason for a question. Advice to run a command at a terminal or with an option is left out,
 * because `awsh refresh` asks in this terminal.
 */
function neededCause(error: AwshError): string {
  return error.next?.startsWith('run it ') ? whatAndWhy(error) : causeOf(error);
}

/**
 * Names the setting if the prompt program is broken. Only the setting can have chosen it: a
 * directory's environment does not reach a load.
 */
function otherPrompt(error: AwshError): string | undefined {
  const isBroken = error instanceof PersonNeededError && error.brokenProgram !== null;
  return isBroken ? 'awsh config unset prompt && awsh refresh' : undefined;
}

/** The command that signs in. Every other question is asked again by `awsh refresh`. */
function signInCommand(error: AwshError, plan: Plan | null): string | undefined {
  if (!/^awsh sso login /.test(error.next ?? '')) return undefined;
  const command = nextCommand(error, null) ?? undefined;
  // The agent keeps no session of `aws login`, so it cannot give the shell one after the sign-in.
  return plan?.steps.at(-1)?.kind === 'login' ? `${command} && awsh refresh` : command;
}

function causeOf(error: AwshError): string {
  const advice = spokenAdvice(error);
  return advice === null ? whatAndWhy(error) : `${whatAndWhy(error)} (${advice})`;
}

function whatAndWhy({ what, why }: AwshError): string {
  return withHomeShort(why === undefined ? what : `${what}; ${why}`, process.env.HOME);
}

/**
 * The next command of a pinned shell removes the pin, so the reason names the command that loads
 * the profile.
 */
function pinnedCause(error: AwshError): string {
  const command = nextCommand(error, null);
  return command === null ? causeOf(error) : `${causeOf(error)} (to fix it: ${command})`;
}
