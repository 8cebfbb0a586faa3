import { setTimeout as sleep } from 'node:timers/promises';
import type { SignInRun } from './sign-in.ts';

/** In milliseconds. */
const lookMs = 300;

/** Another terminal has signed in, so this one need not. */
export class SignedInElsewhere extends Error {
  override readonly name = 'SignedInElsewhere';
}

/** Throws {@link SignedInElsewhere} as soon as another terminal has signed in; ends with the run. */
export async function endElsewhere({
  isElsewhere,
  signal,
}: Pick<SignInRun, 'isElsewhere' | 'signal'>): Promise<never> {
  for (;;) {
    await sleep(lookMs, undefined, { signal });
    if (isElsewhere?.()) throw new SignedInElsewhere();
  }
}
