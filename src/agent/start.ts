import { join } from 'node:path';
import { type AppPaths, type Environment, ensurePrivateDirectory, isLocked } from '../system/index.ts';
import { agentEnvironment } from './agent-environment.ts';
import { nameStarting, putStartMark } from './start-mark.ts';

export interface AgentStart {
  readonly paths: AppPaths;
  readonly environment: Environment;
  /** The installed package's own folder: dist is below it. */
  readonly packageFolder: string;
}

/** Whether this command may use the agent, and start one: not in CI, not where it is turned off, not while locked. */
export function agentIsWanted({ paths, environment }: Pick<AgentStart, 'paths' | 'environment'>): boolean {
  return environment.AWSH_AGENT !== 'off' && !isContinuousIntegration(environment) && !isLocked(paths);
}

function isContinuousIntegration({ CI }: Environment): boolean {
  return CI !== undefined && CI !== '' && CI !== 'false' && CI !== '0';
}

/** V8 would rather grow by tens of megabytes than collect a little more often; the agent is to stay small. */
export const smallHeap = ['--max-semi-space-size=1', '--optimize-for-size'];

/**
 * Starts an agent and does not wait for it: apart from this terminal, in `/`, with nothing of the caller's open, core dumps
 * off. Twenty shells that want one at once start one: for the others it is `under way`. `failed` if it cannot be started:
 * everything works without.
 */
export function startAgent({
  paths,
  environment,
  packageFolder,
}: AgentStart): 'started' | 'under way' | 'failed' {
  try {
    ensurePrivateDirectory(paths.runtime);
    if (!putStartMark(paths)) return 'under way';
    const program = join(packageFolder, 'dist', 'agent.mjs');
    const { spawn } = process.getBuiltinModule('node:child_process');
    const child = spawn(
      '/bin/sh',
      ['-c', 'ulimit -c 0; exec "$@"', 'sh', process.execPath, ...smallHeap, program],
      {
        cwd: '/',
        env: agentEnvironment(environment),
        stdio: 'ignore',
        detached: true,
      },
    );
    child.on('error', () => {});
    child.unref();
    if (child.pid !== undefined) nameStarting(paths, child.pid);
    return 'started';
  } catch {
    return 'failed';
  }
}
