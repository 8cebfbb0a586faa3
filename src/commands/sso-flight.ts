// One sign-in at a time for each session: other terminals wait for the one that asks the user.
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../cli/index.ts';
import { canPick, terminalName, waitAtTerminal } from '../prompt/index.ts';
import {
  type LoginKey,
  loginCachePath,
  readSignIn,
  refreshTokenIn,
  type SsoSession,
  sessionKey,
  sharedSignInPath,
  signInPath,
} from '../sessions/index.ts';
import {
  AwshError,
  diskFault,
  type Environment,
  Lease,
  type LeaseHolder,
  printable,
  type Secret,
} from '../system/index.ts';

/** In milliseconds: how long a sign-in page is valid. */
const longestMs = 10 * 60_000;
const lookMs = 300;

/** A sign-in in progress: its name, and the file that will contain a new token when it is done. */
export interface AwaitedSignIn {
  readonly name: string;
  readonly path: string;
  readonly tokenIn: (path: string) => Secret | null;
}

/** A session of IAM Identity Center. */
export function ofSession(session: SsoSession, environment: Environment): AwaitedSignIn {
  const name = sessionKey(session);
  // Its file changes with the setting sso_cache.
  const tokenIn = () => readSignIn(signInPath(name, environment))?.accessToken ?? null;
  return { name, path: sharedSignInPath(name, environment), tokenIn };
}

/** A profile with `login_session`. */
export function ofLogin(key: LoginKey, environment: Environment): AwaitedSignIn {
  return { name: `profile ${key.profile}`, path: loginCachePath(key, environment), tokenIn: refreshTokenIn };
}

/** Tells why a sign-in ended without the user of this terminal. */
export const signedInElsewhere = 'awsh: you have signed in at another terminal';

/** What a sign-in knows of the other terminals. */
export interface SignInAlone {
  /** The user has chosen to sign in at this terminal (`t`). */
  readonly isChosen: boolean;
  /** True as soon as another terminal has signed in. */
  readonly isElsewhere: () => boolean;
}

/** The files of the sign-ins that the user has chosen to do here: a call inside does not wait again. */
const chosenHere = new Set<string>();

/**
 * Signs in by `work`, or waits for another terminal that is doing so: until its sign-in is there, or
 * until it has given up or the user presses `t`; then this one begins. False if the other took
 * longer than `limitMs`. A lease that cannot be written is no reason not to sign in. In one process
 * it may be called inside of itself.
 */
export async function signInAlone(
  context: Context,
  awaited: AwaitedSignIn,
  work: (alone: SignInAlone) => Promise<void>,
  limitMs = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  const { path, tokenIn } = awaited;
  const before = tokenIn(path);
  const isNew = () => {
    const found = tokenIn(path);
    return found !== null && (before === null || !found.equals(before));
  };
  const lease = new Lease(join(context.paths.leases, `sso-${basename(path, '.json')}`), longestMs);
  const ends = performance.now() + limitMs;
  const wasChosen = chosenHere.has(path);
  for (let end: WaitEnd | null = wasChosen ? 'here' : null; end !== 'here'; ) {
    const holder = await lease.take(terminalName()).catch(unavailable);
    if (holder === null) break;
    end = await endOfWait(context, awaited.name, holder, (): WaitEnd | null => {
      if (isNew()) return 'new';
      if (lease.holder()?.pid !== holder.pid) return 'free';
      return performance.now() > ends ? 'late' : null;
    });
    if (end === 'new' || end === 'late') return end === 'new';
    if (end === 'here') chosenHere.add(path);
  }
  try {
    if (!isNew()) await work({ isChosen: chosenHere.has(path), isElsewhere: isNew });
  } finally {
    if (!wasChosen) chosenHere.delete(path);
    lease.release();
  }
  return true;
}

/** `here`: the user wants to sign in at this terminal. */
type WaitEnd = 'new' | 'free' | 'late' | 'here';

async function endOfWait(
  { output }: Context,
  name: string,
  { terminal }: LeaseHolder,
  look: () => WaitEnd | null,
): Promise<WaitEnd> {
  let isHere = false;
  const ended = async (): Promise<WaitEnd> => {
    for (let end = look(); ; end = look()) {
      if (end !== null || isHere) return end ?? 'here';
      await sleep(lookMs);
    }
  };
  const where = terminal === null ? 'another awsh' : printable(terminal);
  const text = `awsh: ${where} is signing in to ${printable(name)}; waiting for it`;
  if (!canPick()) {
    output.tell(text);
    return ended();
  }
  return waitAtTerminal<WaitEnd>({
    name: 'a sign-in',
    text: `${text}\nPress t to sign in at this terminal instead, q to quit.`,
    status: null,
    keys: 't',
    lineStarts: [],
    work: ended,
    onLine(line) {
      isHere ||= line === 't';
    },
  });
}

function unavailable(error: unknown): null {
  if (error instanceof AwshError || diskFault(error) !== null) return null;
  throw error;
}
