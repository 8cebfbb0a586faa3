import type { Plan } from '../sessions/index.ts';
import type { SentState, StateRecord } from '../shell/index.ts';
import { type DirectoryServices, directoryWish } from './directory-wish.ts';
import type { SupervisedAgent } from './load-services.ts';
import { profilePlan } from './profile-plan.ts';
import { protectionOfWish } from './protection.ts';
import { supervisedWish } from './supervised-wish.ts';
import { withSessionNaming } from './wish.ts';

/**
 * The result for the directory file that applies here. A command may use it only as far as the hook
 * may.
 */
export type DirectoryPlan =
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly record: StateRecord<SentState> }
  | {
      readonly kind: 'plan';
      readonly plan: Plan;
      /** The account that the file names, or null. */
      readonly account: string | null;
      readonly isProtected: boolean;
    };

/**
 * The plan of the profile that the directory file names, if the user has allowed that file. Throws
 * as `planFor` does.
 */
export function directoryPlan(
  cwd: string,
  services: DirectoryServices & { readonly codingAgent?: SupervisedAgent | undefined },
): DirectoryPlan {
  const found = directoryWish(cwd, services);
  if (found.kind === 'none') return found;
  if (found.kind === 'reply')
    return found.reply.record === null ? { kind: 'none' } : { kind: 'refused', record: found.reply.record };
  const wish = withSessionNaming(supervisedWish(found.wish, services), cwd, services);
  const { plan, identity } = profilePlan(wish, services);
  const isProtected = protectionOfWish(plan, identity, services) !== null;
  return { kind: 'plan', plan, account: found.wish.account, isProtected };
}
