import { join } from 'node:path';
import { isJobPath } from './job.ts';
import { isOlder } from './older.ts';
import type { AgentStart } from './start.ts';
import { agentIsWanted, startAgent } from './start.ts';
import { readState } from './state-file.ts';

/** True if an agent older than this awsh is running: see {@link isOlder}. */
export function agentIsOlder(
  { paths, packageFolder }: Pick<AgentStart, 'paths' | 'packageFolder'>,
  version: string | null,
): boolean {
  const state = version === null ? null : readState(paths);
  const program = join(packageFolder, 'dist/worker.mjs');
  return state !== null && version !== null && isOlder(paths, state.version, { version, program });
}

/**
 * Called when a command has done its work: replaces an older agent with one of this version, which
 * gets everything the older one holds. The command does not wait for it. `version` is called only
 * if there is an agent.
 */
export function replaceOlderAgent(start: AgentStart, version: () => string | null): void {
  try {
    if (readState(start.paths) === null || isJobPath(start.paths) || !agentIsWanted(start)) return;
    if (agentIsOlder(start, version())) startAgent(start);
  } catch {
    // The older one continues.
  }
}
