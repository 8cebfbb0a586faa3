/** Whether the user has to confirm a load, and the question. */
import type { PlanIdentity, SessionReason } from '../sessions/index.ts';
import type { Protection } from '../settings/index.ts';
import type { LoadRequest } from '../shell/index.ts';
import { CancelledError, printable } from '../system/index.ts';
import { isLoaded } from './load-reason.ts';
import type { LoadServices } from './load-services.ts';
import { isStart, type TimeLimit } from './time-limit.ts';
import type { Wish } from './wish.ts';

/**
 * True for a protected profile of a directory. For a coding agent also for a pinned one, and for
 * any profile if the settings require it.
 */
export function mustConfirm(
  wish: Wish,
  protection: Protection | null,
  { isOver }: TimeLimit,
  { request, services }: { request: LoadRequest; services: LoadServices },
): boolean {
  const { codingAgent } = services;
  if (codingAgent !== undefined && (protection !== null || codingAgent.rule === 'ask'))
    return isOver || !isLoaded(request, wish);
  return protection !== null && wish.kind === 'directory' && (isOver || isStart(request, wish));
}

/** Null if the user confirms loading a protected profile. */
export async function whyNotConfirmed(
  { reason }: Wish,
  identity: PlanIdentity,
  { quiet, renew }: LoadRequest,
  { confirm, codingAgent }: LoadServices,
): Promise<string | null> {
  const unasked = 'it is protected, and awsh could not ask you here to confirm it';
  const unanswered = 'it is protected, and you did not confirm it with y';
  if (quiet || renew) return unasked;
  const answer = await confirm(loadQuestion(identity, codingAgent, reason)).catch((error) => {
    if (error instanceof CancelledError) return false;
    throw error;
  });
  if (answer === null) return unasked;
  return answer ? null : unanswered;
}

/**
 * The reason for a profile that was loaded and whose time is over, which differs from one that was
 * never confirmed.
 */
export function overCause(request: LoadRequest, wish: Wish, refusal: string): string {
  return isStart(request, wish) ? refusal : 'its time is over, and you have to confirm it again';
}

function loadQuestion(
  { profile, account, role }: PlanIdentity,
  agent?: { name: string },
  reason?: SessionReason,
): string {
  const who = [account && `account ${account}`, role].filter(Boolean).join(', ');
  const shown = `${profile}${who && ` (${who})`}`;
  return agent === undefined
    ? `load protected profile ${shown}?`
    : `let ${agent.name} load profile ${shown}${reason === undefined ? '' : ` for "${printable(reason.text)}"`}?`;
}
