// One sign-in at a time for a session: other terminals wait for the one that asks the user.
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../cli/index.ts';
import { terminalName } from '../prompt/index.ts';
import { readSignIn, type SsoSession, sessionKey, signInPath } from '../sessions/index.ts';
import { AwshError, diskFault, Lease, printable } from '../system/index.ts';

/** A page in a browser is good for so long. */
const longestMs = 10 * 60_000;
const lookMs = 300;

/**
 * Signs in by `work`, or waits for another terminal that is doing so: until its sign-in is there, or until it has given up; then
 * this one begins. A lease that cannot be written is no reason not to sign in.
 */
export async function signInAlone(
  { paths, environment, output }: Context,
  session: SsoSession,
  work: () => Promise<void>,
): Promise<void> {
  const path = signInPath(sessionKey(session), environment);
  const before = readSignIn(path)?.accessToken ?? null;
  const isNew = () => {
    const found = readSignIn(path)?.accessToken;
    return found !== undefined && (before === null || !found.equals(before));
  };
  const lease = new Lease(join(paths.leases, `sso-${basename(path, '.json')}`), longestMs);
  const take = () => lease.take(terminalName()).catch(unavailable);
  for (let told = ''; ; await sleep(lookMs)) {
    const holder = await take();
    if (holder === null) break;
    const where = holder.terminal === null ? 'another awsh' : printable(holder.terminal);
    if (told !== where)
      output.tell(`awsh: ${where} is signing in to ${printable(sessionKey(session))}; waiting for it`);
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
