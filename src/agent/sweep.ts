// What killed processes have left in awsh's own folders: nothing reads it any more, and it may hold secrets.
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { removeOldLogs } from '../record/index.ts';
import { type AppPaths, isAlive, removeDeadLock, sweepFolder } from '../system/index.ts';
import { allAgentPaths, sweepJobs } from './job.ts';

/** The page that opens the console is of use for a minute; nobody needs a note of a failed load for as long. */
const leftMs = 120_000;

/** Removes it. Throws nothing: what cannot be removed stays for the next one. */
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
    // The next one tries again.
  }
}

/** The state file of an agent that was set aside; it cannot come back when its process is gone. */
function removeDeadState(path: string): void {
  try {
    const pid = Number(fs.readFileSync(path, 'latin1').split(' ')[1]);
    if (pid > 0 && !isAlive(pid)) fs.rmSync(path, { force: true });
  } catch {
    // There is none.
  }
}
