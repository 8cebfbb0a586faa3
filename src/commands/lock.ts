import { allAgentPaths, endAgent } from '../agent/index.ts';
import type { Context } from '../cli/index.ts';
import { AwshError, diskFault, printable, putLockMark, VaultError } from '../system/index.ts';
import { survivingAgent } from './agent.ts';
import { saySignInsStay } from './sso-stays.ts';

/**
 * `awsh lock`: the mark first, so that nothing new is put anywhere; then the agent's memory, which ends with its process;
 * then what is stored. A sign-in to Identity Center is shared with other programs and stays: no path of awsh's leads to it while the mark is there.
 * Where the stored sessions cannot be removed, awsh is locked all the same, and says so.
 */
export async function run(context: Context): Promise<number> {
  const { paths, output } = context;
  const fault = orFault(() => putLockMark(paths));
  const left: number[] = [];
  for (const each of allAgentPaths(paths)) left.push(...(await endAgent(each, 'lock')).left);
  const removed = await removeSessions(context);
  if (fault !== null) throw fault;
  if (left.length > 0) throw survivingAgent('awsh is locked, but an agent has not ended', left);
  output.tell(
    `awsh: locked; ${removed} stored ${removed === 1 ? 'session' : 'sessions'} removed; shells unload at their next prompt; next: awsh unlock`,
  );
  await saySignInsStay(context);
  return 0;
}

/** The disk may refuse the mark; memory and stored sessions are wiped all the same. */
function orFault(work: () => void): AwshError | null {
  try {
    work();
    return null;
  } catch (error) {
    const fault = diskFault(error);
    if (fault === null) throw error;
    const what = 'awsh is not locked: the agent has forgotten its sessions, but others can be made';
    const path = fault.path === null ? '' : ` (${printable(fault.path)})`;
    return new AwshError(
      'other',
      what,
      `the mark of the lock cannot be written: ${fault.why}${path}`,
      fault.next,
    );
  }
}

async function removeSessions(context: Context): Promise<number> {
  try {
    const vault = await context.vault();
    return await vault.removeSessions(() => true);
  } catch (error) {
    if (!(error instanceof AwshError)) throw error;
    const why = [error.what, error.why].filter(Boolean).join(': ');
    throw new VaultError('locked, but stored sessions could not be removed', why, error.next ?? 'awsh lock');
  }
}
