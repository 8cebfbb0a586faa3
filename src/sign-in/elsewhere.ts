import { setTimeout as sleep } from 'node:timers/promises';
import type { SignInRun } from './sign-in.ts';

/** In milliseconds. */
const lookMs = 300;

/** Another terminal has signed in, so this one need not. */
export class SignedInElsewhere extends Error {
  override readonly name = 'SignedInElsewhere';
}

/**
 * Throws {@link SignedInElsewhere} as soon as another terminal has signed in. Without a way to know
 * that, it waits for ever. Nothing remains of it when the run is over.
 */
export async function endElsewhere({
  isElsewhere,
  signal,
}: Pick<SignInRun, 'isElsewhere' | 'signal'>): Promise<never> {
  if (isElsewhere === undefined) return new Promise(() => {});
  while (!isElsewhere()) await sleep(lookMs, undefined, { signal });
  throw new SignedInElsewhere();
}
