import * as fs from 'node:fs';
import { join } from 'node:path';
import {
  type AppPaths,
  type Environment,
  ensurePrivateDirectory,
  hasCode,
  isLocked,
} from '../system/index.ts';
import { agentEnvironment } from './agent-environment.ts';

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
 * off. Twenty shells that want one at once start one. Returns false where it cannot be started: everything works without.
 */
export function startAgent({ paths, environment, packageFolder }: AgentStart): boolean {
  try {
    ensurePrivateDirectory(paths.runtime);
    if (!isFirst(join(paths.runtime, 'agent.starting'))) return true;
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
    return true;
  } catch {
    return false;
  }
}

/** A start takes less than this; the mark of one that died is then worth nothing. */
const startMs = 5000;

function isFirst(mark: string): boolean {
  try {
    fs.writeFileSync(mark, '', { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  const age = Date.now() - (fs.statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (age >= 0 && age < startMs) return false;
  fs.rmSync(mark, { force: true });
  return isFirst(mark);
}

/** The agent is there: the next one that is wanted may be started at once. */
export function startIsOver(paths: Pick<AppPaths, 'runtime'>): void {
  try {
    fs.rmSync(join(paths.runtime, 'agent.starting'), { force: true });
  } catch {
    // It is worth nothing in a few seconds.
  }
}
