import { rmSync } from 'node:fs';
import type { AppPaths } from '../system/index.ts';
import { openConnection } from './client.ts';
import { killAgent } from './kill-agent.ts';
import { asideFile, readAside } from './set-aside.ts';
import { type AgentState, readState, stateFile } from './state-file.ts';

type RuntimePath = Pick<AppPaths, 'runtime'>;

/**
 * What happened to the agents of one runtime folder. The numbers are process ids that did not
 * answer.
 */
export interface AgentEnd {
  readonly told: boolean;
  readonly killed: readonly number[];
  readonly left: readonly number[];
}

/**
 * Ends the agent and waits for its confirmation. One that does not answer, or was set aside because
 * it did not, is killed: otherwise it would serve again as soon as it resumes.
 */
export async function endAgent(paths: RuntimePath, verb: 'stop' | 'lock'): Promise<AgentEnd> {
  const state = readState(paths);
  const aside = readAside(paths);
  const told = state !== null && (await tell(state, verb));
  const silent = [...(state === null || told ? [] : [state]), ...(aside === null ? [] : [aside])];
  const killed: number[] = [];
  const left: number[] = [];
  for (const { pid, token } of silent) {
    const end = await killAgent(pid);
    if (end === 'alive') left.push(pid);
    else forget(paths, token);
    if (end === 'killed') killed.push(pid);
  }
  return { told, killed, left };
}

async function tell(state: AgentState, verb: 'stop' | 'lock'): Promise<boolean> {
  const connection = await openConnection(state);
  const reply = (await connection?.ask(verb)) ?? null;
  connection?.close();
  return reply !== null;
}

/** Removes the state file of an agent that has ended, under either name. */
function forget(paths: RuntimePath, token: AgentState['token']): void {
  try {
    if (readState(paths)?.token.equals(token)) rmSync(stateFile(paths), { force: true });
    if (readAside(paths)?.token.equals(token)) rmSync(asideFile(paths), { force: true });
  } catch {
    // There is no listener any more, so the file counts as no agent.
  }
}
