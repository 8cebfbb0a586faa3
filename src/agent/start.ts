import { join } from 'node:path';
import {
  type AppPaths,
  type Environment,
  ensurePrivateDirectory,
  isLocked,
  type WatchedProcess,
} from '../system/index.ts';
import { agentEnvironment } from './agent-environment.ts';
import { isJobPath, refusesAgent } from './job.ts';
import { ownNode } from './own-node.ts';
import { nameStarting, putStartMark } from './start-mark.ts';

export interface AgentStart {
  readonly paths: AppPaths;
  readonly environment: Environment;
  /** The folder of the installed package, which contains dist. */
  readonly packageFolder: string;
}

/**
 * Whether this command may use the agent: not in CI and not if it is turned off, except for a job's
 * own; not while locked.
 */
export function agentIsWanted({ paths, environment }: Pick<AgentStart, 'paths' | 'environment'>): boolean {
  return (isJobPath(paths) || !refusesAgent(environment)) && !isLocked(paths);
}

/**
 * V8 would rather grow by tens of megabytes than collect garbage a little more often; the agent
 * must stay small.
 */
export const smallHeap = ['--max-semi-space-size=1', '--optimize-for-size'];

/**
 * Starts an agent without waiting for it: detached from this terminal, in `/`, with none of the
 * caller's descriptors, without core dumps. If twenty shells want one at once, one starts it; for
 * the others the result is `under way`. `failed` if it cannot be started; everything works without
 * it. A job's agent is started for its `job`, only by `awsh unlock --for-job`.
 */
export function startAgent(
  { paths, environment, packageFolder }: AgentStart,
  job: WatchedProcess | null = null,
): 'started' | 'under way' | 'failed' {
  if (isJobPath(paths) !== (job !== null)) return 'failed';
  try {
    ensurePrivateDirectory(paths.runtime);
    ensurePrivateDirectory(paths.leases);
    if (!putStartMark(paths)) return 'under way';
    const program = join(packageFolder, 'dist', 'agent.mjs');
    const { spawn } = process.getBuiltinModule('node:child_process');
    const child = spawn(...ownNode(...smallHeap, program, ...argumentsOf(job)), {
      cwd: '/',
      env: agentEnvironment(environment),
      stdio: 'ignore',
      detached: true,
    });
    child.on('error', () => {});
    child.unref();
    if (child.pid !== undefined) nameStarting(paths, child.pid);
    return 'started';
  } catch {
    return 'failed';
  }
}

function argumentsOf(job: WatchedProcess | null): string[] {
  return job === null ? [] : [String(job.pid), job.started];
}
