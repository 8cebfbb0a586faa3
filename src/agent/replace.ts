import { isJobPath } from './job.ts';
import type { AgentStart } from './start.ts';
import { agentIsWanted, startAgent } from './start.ts';
import { readState } from './state-file.ts';
import { isNewer } from './version.ts';

/** True if an agent has its place that is older than this version of awsh. */
export function agentIsOlder({ paths }: Pick<AgentStart, 'paths'>, version: string | null): boolean {
  const state = version === null ? null : readState(paths);
  return state !== null && version !== null && isNewer(version, state.version);
}

/**
 * For a command that has done its work: an older agent is replaced by one of this version, which is given all that the older
 * one holds. The command does not wait for it. `version` is asked for only if there is an agent.
 */
export function replaceOlderAgent(start: AgentStart, version: () => string | null): void {
  try {
    if (readState(start.paths) === null || isJobPath(start.paths) || !agentIsWanted(start)) return;
    if (agentIsOlder(start, version())) startAgent(start);
  } catch {
    // The older one goes on.
  }
}
