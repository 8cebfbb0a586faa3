import { commandLine, isRunning, watchedProcess } from '../system/index.ts';

/**
 * Kills this user's agent of that number, and waits until it has ended. A stopped agent keeps what it holds in memory, and nothing
 * but a kill reaches it. A number that belongs to another program by now counts as `gone`.
 */
export async function killAgent(pid: number): Promise<'killed' | 'gone' | 'alive'> {
  const agent = watchedProcess(pid);
  if (agent === null || !isAgent(pid)) return 'gone';
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile, or is not to be killed: that is looked at below.
  }
  for (let waited = 0; isRunning(agent); waited += 20) {
    if (waited >= 1000) return 'alive';
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return 'killed';
}

/** As {@link killAgent}, without waiting. */
export function sendKill(pid: number): void {
  try {
    if (isAgent(pid)) process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

function isAgent(pid: number): boolean {
  return commandLine(pid)?.some((word) => word.endsWith('/dist/agent.mjs')) === true;
}
