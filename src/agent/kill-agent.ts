import { commandLine, isRunning, watchedProcess } from '../system/index.ts';

/**
 * Kills the agent with this process id, if it is this user's, and waits until it has ended. A
 * stopped agent keeps its memory, and only a kill reaches it. An id that now belongs to another
 * program counts as `gone`.
 */
export async function killAgent(pid: number): Promise<'killed' | 'gone' | 'alive'> {
  const agent = watchedProcess(pid);
  if (agent === null || !isAgent(pid)) return 'gone';
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended in the meantime, or cannot be killed: the check below finds out.
  }
  for (let waited = 0; isRunning(agent); waited += 20) {
    if (waited >= 1000) return 'alive';
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return 'killed';
}

/** Like {@link killAgent}, without waiting. */
export function sendKill(pid: number): void {
  try {
    if (isAgent(pid)) process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended in the meantime.
  }
}

function isAgent(pid: number): boolean {
  return commandLine(pid)?.some((word) => word.endsWith('/dist/agent.mjs')) === true;
}
