import { blockedChange, type Reply } from '../shell/index.ts';

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
  return { status: 'wait', renew: 0, label, change: blockedChange(), say: [] };
}
