import { needOf, type Plan } from '../sessions/index.ts';
import { blockedChange, type Reply } from '../shell/index.ts';
import { AwshError, type Clock, type Failure, PersonNeededError, printable } from '../system/index.ts';
import type { Wish } from './wish.ts';

const nothing = { renew: 0, change: null, say: [] };

export const noDirectoryFile: Reply = { ...nothing, status: 'none', label: '-' };

/** The file may not load anything: the shell keeps what the person had. */
export function notAllowed(line: string): Reply {
  return { ...nothing, status: 'deny', label: 'not allowed', say: [line] };
}

/** The file may load, and cannot: nothing may fall through to the person's own [default]. */
export function blocked(lines: readonly string[]): Reply {
  return { status: 'blocked', renew: 0, label: 'blocked', change: blockedChange(), say: lines };
}

export function notConfirmed({ profile }: Wish): Reply {
  const say = [`${printable(profile)} is protected and was not confirmed; next: awsh refresh`];
  return { status: 'confirm', renew: 0, label: 'not confirmed', change: blockedChange(), say };
}

/** When to try again by itself: what passes with time is tried later, what a person must mend is not. */
const retrySeconds: Partial<Record<Failure, number>> = { network: 60, lock: 10 };

/** What went wrong, as an answer: the shell is blocked, and told in one line why and how to go on. `plan`: where there is one. */
export function failedLoad(error: unknown, wish: Wish, clock: Clock, plan: Plan | null): Reply {
  if (!(error instanceof AwshError)) throw error;
  const { failure, exitStatus } = error;
  const waits = retrySeconds[failure];
  const isForPerson = failure === 'personNeeded' || failure === 'cancelled';
  return {
    ...(isForPerson ? neededFor(error, plan) : stateOf(wish)),
    renew: waits === undefined ? 0 : Math.floor(clock.now() / 1000) + waits,
    change: blockedChange(),
    exitStatus,
    say: [
      whyNot(
        wish,
        error,
        waits !== undefined ? null : isForPerson ? 'awsh refresh' : (error.next ?? 'awsh status'),
      ),
    ],
  };
}

function whyNot({ profile }: Wish, { what, why }: AwshError, next: string | null): string {
  const cause = why === undefined ? what : `${what}: ${why}`;
  return `${printable(profile)} is not loaded: ${cause}${next === null ? '' : `; next: ${next}`}`;
}

function neededFor(error: AwshError, plan: Plan | null): Pick<Reply, 'status' | 'label'> {
  const need = error instanceof PersonNeededError ? error.need : plan ? needOf(plan) : 'an answer';
  return { status: 'person', label: `needs ${need}` };
}

function stateOf(wish: Wish): Pick<Reply, 'status' | 'label'> {
  return wish.kind === 'pin' ? { status: 'error', label: 'error' } : { status: 'blocked', label: 'blocked' };
}
