/** What a shell gets if a coding agent runs it. */
import { type Narrowing, otherPolicies, pinOfChoice } from '../sessions/index.ts';
import { asRefusal, printable, RefusedError } from '../system/index.ts';
import type { LoadServices } from './load-services.ts';
import type { Wish } from './wish.ts';

/**
 * Throws RefusedError if it gets nothing, and UsageError if the profile is already narrowed in a
 * way that cannot be combined.
 */
export function supervisedWish(wish: Wish, { codingAgent }: Pick<LoadServices, 'codingAgent'>): Wish {
  if (codingAgent === undefined || codingAgent.rule === 'ask') return wish;
  const { name, rule } = codingAgent;
  if (rule === 'refuse')
    throw asRefusal(
      new RefusedError(
        `${printable(name)} gets no credentials`,
        'coding_agents = refuse',
        'awsh config get coding_agents',
      ),
      'coding agent',
      { profile: wish.profile, account: null, roleArn: null },
    );
  const narrowing = supervisedNarrowing(wish.narrowing);
  const { profile, box } = wish;
  return {
    ...wish,
    narrowing,
    label: pinOfChoice({ profile, narrowing, ...(box !== undefined && { box }) }),
  };
}

/**
 * Read-only, and nothing else beside it. Throws UsageError if the profile is already narrowed in a
 * way that cannot be combined.
 */
export function supervisedNarrowing(given: Narrowing | undefined): Narrowing {
  const by = 'coding_agents = read-only';
  if (given === undefined) return { readOnly: true, by };
  if (!given.readOnly) throw otherPolicies(`${by}, and ${given.by}`);
  return given;
}
