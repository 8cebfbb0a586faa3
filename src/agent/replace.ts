import { isJobPath } from './job.ts';
import type { AgentStart } from './start.ts';
import { agentIsWanted, startAgent } from './start.ts';
import { readState } from './state-file.ts';
import { isNewer } from './version.ts';

/** True if an agent older than this version of awsh is running. */
export function agentIsOlder({ paths }: Pick<AgentStart, 'paths'>, version: string | null): boolean {
  const state = version === null ? null : readState(paths);
  return state !== null && version !== null && isNewer(version, state.version);
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
