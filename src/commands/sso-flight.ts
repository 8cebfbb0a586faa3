// One sign-in at a time for each session: other terminals wait for the one that asks the user.
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../cli/index.ts';
import { terminalName } from '../prompt/index.ts';
import { readSignIn, type SsoSession, sessionKey, signInPath } from '../sessions/index.ts';
import { AwshError, diskFault, type Environment, Lease, printable, type Secret } from '../system/index.ts';

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
  const tokenIn = (path: string) => readSignIn(path)?.accessToken ?? null;
  return { name, path: signInPath(name, environment), tokenIn };
}

/**
 * Signs in by `work`, or waits for another terminal that is doing so. If that one gives up, this
 * one begins. If the lease file cannot be written, the sign-in still happens.
 */
export async function signInAlone(
  { paths, output }: Context,
  { name, path, tokenIn }: AwaitedSignIn,
  work: () => Promise<void>,
): Promise<void> {
  const before = tokenIn(path);
  const isNew = () => {
    const found = tokenIn(path);
    return found !== null && (before === null || !found.equals(before));
  };
  const lease = new Lease(join(paths.leases, `sso-${basename(path, '.json')}`), longestMs);
  const take = () => lease.take(terminalName()).catch(unavailable);
  for (let told = ''; ; await sleep(lookMs)) {
    const holder = await take();
    if (holder === null) break;
    const where = holder.terminal === null ? 'another awsh' : printable(holder.terminal);
    if (told !== where) output.tell(`awsh: ${where} is signing in to ${printable(name)}; waiting for it`);
    told = where;
    if (isNew()) return;
  }
  try {
    if (!isNew()) await work();
  } finally {
    lease.release();
  }
}

function unavailable(error: unknown): null {
  if (error instanceof AwshError || diskFault(error) !== null) return null;
  throw error;
}
