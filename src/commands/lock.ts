import { allAgentPaths, endAgent } from '../agent/index.ts';
import type { Context } from '../cli/index.ts';
import {
  AwshError,
  type DiskFault,
  diskFault,
  explained,
  printable,
  printablePath,
  putLockMark,
  VaultError,
} from '../system/index.ts';
import { survivingAgent } from './agent.ts';
import { endOwnSignIns } from './end-sign-in.ts';
import { saySignInsStay } from './sso-stays.ts';

/**
 * `awsh lock`: first writes the mark, so that nothing new is stored anywhere; then ends the agent
 * and its memory; then removes stored sessions; then ends the sign-ins to Identity Center that awsh
 * made. Other sign-ins stay, but awsh does not use them while the mark exists. Only the mark
 * decides whether awsh is locked: if it is missing, the error begins with that, whatever else
 * failed.
 */
export async function run(context: Context): Promise<number> {
  const { paths, output } = context;
  const { fault, isSecond } = markFault(context);
  const left: number[] = [];
  for (const each of allAgentPaths(paths)) left.push(...(await endAgent(each, 'lock')).left);
  await sweepGrants(context);
  const removed = await removeSessions(context);
  if (fault !== null && !isSecond) throw notLocked(fault, left.length === 0, removed);
  await endOwnSignIns(context);
  if (removed instanceof VaultError) throw removed;
  if (left.length > 0) throw survivingAgent('awsh is locked, but an agent has not ended', left);
  output.tell(
    `awsh: locked; ${removed} stored ${removed === 1 ? 'session' : 'sessions'} removed; shells unload at their next prompt; next: awsh unlock`,
  );
  if (fault !== null) tellSecondMark(context, fault);
  await saySignInsStay(context);
  return 0;
}

interface MarkFault {
  /** Why the state folder refuses the mark; null if the mark is there. */
  readonly fault: DiskFault | null;
  /** The runtime folder has the mark instead. */
  readonly isSecond: boolean;
}

/** Puts the mark. Memory and stored sessions are removed even if that fails. */
function markFault({ paths }: Context): MarkFault {
  try {
    const refused = putLockMark(paths);
    if (refused === null) return { fault: null, isSecond: false };
    return { fault: stateFault(refused.error, paths), isSecond: true };
  } catch (error) {
    return { fault: stateFault(error, paths), isSecond: false };
  }
}

function stateFault(error: unknown, { state }: Context['paths']): DiskFault {
  if (error instanceof AwshError) return { path: null, why: error.what, next: error.next ?? 'awsh doctor' };
  const fault = diskFault(error, state);
  if (fault === null) throw error;
  return fault;
}

function tellSecondMark({ output, paths }: Context, { path, why }: DiskFault): void {
  const [mark, refused] = [paths.secondLock ?? '', path ?? paths.state].map((each) =>
    printablePath(each, paths.home),
  );
  output.tell(`awsh: the mark of the lock is in ${mark}: ${refused} cannot be written (${why})`);
  output.tell(
    'awsh: processes with another XDG_RUNTIME_DIR are not locked; the lock ends when you log out or restart',
  );
}

function notLocked(fault: DiskFault, hasForgotten: boolean, removed: number | VaultError): AwshError {
  const what = hasForgotten
    ? 'awsh is not locked: the agent has forgotten its sessions, but others can be made'
    : 'awsh is not locked, and an agent has not ended';
  const path = fault.path === null ? '' : ` (${printable(fault.path)})`;
  const mark = `the mark of the lock cannot be written: ${fault.why}${path}; loaded shells and the servers of exec --server keep their credentials`;
  const rest = removed instanceof VaultError ? `; stored sessions could not be removed: ${removed.why}` : '';
  return new AwshError('other', what, `${mark}${rest}`, fault.next);
}

/** The servers of grants end by the mark; this removes what killed servers have left. */
async function sweepGrants({ paths }: Context): Promise<void> {
  const { runningGrants } = await import('../serving/index.ts');
  try {
    await runningGrants(paths);
  } catch {
    // It is tried again by the next command about grants.
  }
}

/** How many sessions were removed, or why they could not be. */
async function removeSessions(context: Context): Promise<number | VaultError> {
  try {
    const vault = await context.vault();
    return await vault.removeSessions(() => true);
  } catch (thrown) {
    const error = explained(thrown);
    if (error === null) throw thrown;
    const why = [error.what, error.why].filter(Boolean).join(': ');
    return new VaultError('locked, but stored sessions could not be removed', why, error.next ?? 'awsh lock');
  }
}
