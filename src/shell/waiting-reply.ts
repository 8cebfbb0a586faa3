import { blockedChange } from './environment-change.ts';
import { stateRecord } from './state-table.ts';
import type { Reply } from './wire-format.ts';

/**
 * The reply while another command fetches the session: the shell is blocked in the meantime, and
 * asks again at its next prompt. `terminal` is where a question for the session is open, or null.
 */
export function waitingReply(terminal: string | null): Reply {
  const label = terminal === null ? 'wait' : `asked on ${terminal}`;
  const holder =
    terminal === null
      ? 'another command is fetching the session'
      : `the question for the session is open on ${terminal}`;
  const record = stateRecord('wait', { holder });
  return { status: 'wait', renew: 0, label, change: blockedChange(null), say: [], record };
}
