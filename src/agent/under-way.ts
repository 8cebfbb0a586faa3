import { blockedChange, type Reply, stateRecord } from '../shell/index.ts';

/**
 * Somebody else is fetching the session; `terminal` is where a person was asked, if one was. No AwshError: it is no
 * failure to explain, and passes through whatever explains those.
 */
export class UnderWay extends Error {
  override readonly name = 'UnderWay';
  constructor(readonly terminal: string | null) {
    super();
  }
}

/** What a hook is told: the shell is blocked meanwhile, and asks again at its next prompt. */
export function waitingReply({ terminal }: UnderWay): Reply {
  const label = terminal === null ? 'wait' : `asked on ${terminal}`;
  const holder =
    terminal === null
      ? 'another command is fetching the session'
      : `the question for the session is open on ${terminal}`;
  const record = stateRecord('wait', { holder });
  return { status: 'wait', renew: 0, label, change: blockedChange(null), say: [], record };
}
