// A job's own agent. In CI, and with AWSH_AGENT=off, the only agent is one that `awsh unlock
// --for-job` has started. It ends with a process of the job, and only the processes below that one
// look for it.
import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type AppPaths, type Environment, isAlive, parentOf, type WatchedProcess } from '../system/index.ts';

/** True if these commands have no agent other than a job's. */
export function refusesAgent({ AWSH_AGENT, CI }: Environment): boolean {
  return AWSH_AGENT === 'off' || (CI !== undefined && CI !== '' && CI !== 'false' && CI !== '0');
}

const folderName = /^job-([1-9][0-9]{0,9})$/;

/**
 * The folder with the state file of the agent of this process's job; `runtime` is the user's own
 * folder.
 */
export function jobFolder(runtime: string, pid: number): string {
  return join(runtime, `job-${pid}`);
}

/** True for the paths of a command in a job that has its own agent. */
export function isJobPath({ runtime }: Pick<AppPaths, 'runtime'>): boolean {
  return folderName.test(basename(runtime));
}

/**
 * The paths, with the runtime folder of the job that this process belongs to if an agent was
 * started for it.
 */
export function pathsInJob<Paths extends Pick<AppPaths, 'runtime'>>(
  paths: Paths,
  environment: Environment,
): Paths {
  if (!refusesAgent(environment)) return paths;
  const jobs = jobNumbers(paths.runtime);
  if (jobs.size === 0) return paths;
  const job = ancestors().find((pid) => jobs.has(pid));
  return job === undefined ? paths : { ...paths, runtime: jobFolder(paths.runtime, job) };
}

/** The ids of this process's parent, its parent, and so on. */
export function ancestors(): number[] {
  const found: number[] = [];
  for (let pid = process.ppid; pid > 0 && found.length < 100; pid = parentOf(pid) ?? 0) found.push(pid);
  return found;
}

function jobNumbers(runtime: string): Set<number> {
  try {
    const numbers = fs.readdirSync(runtime).map((name) => Number(folderName.exec(name)?.[1] ?? 0));
    return new Set(numbers.filter((pid) => pid > 0));
  } catch {
    return new Set();
  }
}

/**
 * The user's runtime folder, the fallback folder for agents without one, and the folders of all
 * jobs. A command that must reach every agent uses these.
 */
export function allAgentPaths({
  runtime,
  state,
}: Pick<AppPaths, 'runtime' | 'state'>): Pick<AppPaths, 'runtime'>[] {
  const own = isJobPath({ runtime }) ? dirname(runtime) : runtime;
  const folders = [...new Set([own, state])];
  const jobs = folders.flatMap((folder) => [...jobNumbers(folder)].map((pid) => jobFolder(folder, pid)));
  return [...folders, ...jobs].map((folder) => ({ runtime: folder }));
}

/**
 * Removes the folders of jobs that have ended while their agent was killed. They contain nothing
 * that opens anything.
 */
export function sweepJobs(runtime: string): void {
  for (const pid of jobNumbers(runtime)) {
    if (!isAlive(pid)) removeJobFolder(jobFolder(runtime, pid));
  }
}

export function removeJobFolder(folder: string): void {
  try {
    fs.rmSync(folder, { recursive: true, force: true });
  } catch {
    // The next call tries again.
  }
}

/**
 * The process that an agent was started for, from the arguments after its program. Null for the
 * user's own agent.
 */
export function jobOfArguments([pid, started]: readonly string[]): WatchedProcess | null {
  return pid === undefined || started === undefined ? null : { pid: Number(pid), started };
}
