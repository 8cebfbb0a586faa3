// Removes what killed processes have left in awsh's own folders: it is not read any more, and it
// may contain secrets.
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { removeOldLogs } from '../record/index.ts';
import { type AppPaths, isAlive, removeDeadLock, sweepFolder } from '../system/index.ts';
import { allAgentPaths, sweepJobs } from './job.ts';

/**
 * In milliseconds. The page that opens the console is needed for a minute, and a note of a failed
 * load for less.
 */
const leftMs = 120_000;

/** Removes it. Never throws: what cannot be removed is left for the next call. */
export function sweepLeftovers(paths: AppPaths): void {
  const [{ runtime } = paths] = allAgentPaths(paths);
  const { state, cache, data, vault, trust, locks, leases, awsConfig } = paths;
  const folders = [runtime, state, cache, data, vault, trust, locks, leases];
  const notes = [join(runtime, 'failed'), join(state, 'failed')];
  for (const folder of new Set([...folders, ...notes, dirname(paths.settings), dirname(awsConfig)]))
    sweepFolder(folder);
  sweepJobs(runtime);
  for (const folder of [locks, leases])
    for (const name of namesIn(folder)) removeDeadLock(join(folder, name));
  for (const folder of new Set(notes)) for (const name of namesIn(folder)) removeOld(join(folder, name));
  for (const name of namesIn(runtime))
    if (/^sign-in-[0-9a-f]{32}$/.test(name)) removeOld(join(runtime, name));
  for (const name of namesIn(runtime)) {
    const pid = Number(/^only-([0-9]+)-[0-9a-f]{16}$/.exec(name)?.[1]);
    if (pid > 0 && !isAlive(pid)) removeOld(join(runtime, name));
  }
  removeDeadState(join(runtime, 'agent.aside'));
  removeOldLogs(state, Date.now());
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

function removeOld(path: string): void {
  try {
    if (Date.now() - fs.lstatSync(path).mtimeMs > leftMs) fs.rmSync(path, { recursive: true, force: true });
  } catch {
    // The next call tries again.
  }
}

/**
 * The state file of an agent that was set aside; it cannot come back when its process has ended.
 */
function removeDeadState(path: string): void {
  try {
    const pid = Number(fs.readFileSync(path, 'latin1').split(' ')[1]);
    if (pid > 0 && !isAlive(pid)) fs.rmSync(path, { force: true });
  } catch {
    // There is no such file.
  }
}
