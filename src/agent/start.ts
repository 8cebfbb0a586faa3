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
  /** The installed package's own folder: dist is below it. */
  readonly packageFolder: string;
}

/** Whether this command may use the agent: not in CI and not if it is turned off, but for a job's own; not while locked. */
export function agentIsWanted({ paths, environment }: Pick<AgentStart, 'paths' | 'environment'>): boolean {
  return (isJobPath(paths) || !refusesAgent(environment)) && !isLocked(paths);
}

/** V8 would rather grow by tens of megabytes than collect a little more often; the agent is to stay small. */
export const smallHeap = ['--max-semi-space-size=1', '--optimize-for-size'];

/**
 * Starts an agent and does not wait for it: apart from this terminal, in `/`, with nothing of the caller's open, core dumps
 * off. Twenty shells that want one at once start one: for the others it is `under way`. `failed` if it cannot be started:
 * everything works without. A job's agent is started for its `job`, by `awsh unlock --for-job` alone.
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
