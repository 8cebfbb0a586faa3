// The mark of an agent that is being started: twenty commands that want one at once start one, and can wait for it.
import * as fs from 'node:fs';
import { join } from 'node:path';
import {
  type AppPaths,
  hasCode,
  isAlive,
  readOwnFile,
  statIfThere,
  watchedProcess,
} from '../system/index.ts';

type RuntimePath = Pick<AppPaths, 'runtime'>;

/** A start takes less than this, on a machine that is busy, too. */
const startMs = 5000;
/** An agent that dies at once is not started again by each command. */
const pauseMs = 1000;

function markFile(paths: RuntimePath): string {
  return join(paths.runtime, 'agent.starting');
}

/** As long for each process, because one number is written over another. */
function lineOf(pid: number): string {
  return `${String(pid).padEnd(10)}\n`;
}

/** True for the command that is to start the agent; the mark is there then, with its own number. Throws where the disk refuses it. */
export function putStartMark(paths: RuntimePath): boolean {
  try {
    fs.writeFileSync(markFile(paths), lineOf(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) {
      // A full disk takes a file and nothing in it: the agent could not write its own file, either.
      removeStartMark(paths);
      throw error;
    }
  }
  if (ageMs(paths) < (isStarting(paths) ? startMs : pauseMs)) return false;
  fs.rmSync(markFile(paths), { force: true });
  return putStartMark(paths);
}

/** Notes which process is being started. */
export function nameStarting(paths: RuntimePath, pid: number): void {
  try {
    // Not made anew: an agent that was quick has removed it.
    fs.writeFileSync(markFile(paths), lineOf(pid), { flag: 'r+' });
  } catch {
    // It counts by its age.
  }
}

/** True while an agent is being started. */
export function isStarting(paths: RuntimePath): boolean {
  if (ageMs(paths) >= startMs) return false;
  try {
    const pid = Number(readOwnFile(markFile(paths), 20));
    return pid > 0 ? isThere(pid) : true;
  } catch {
    return false;
  }
}

/** On Linux a process that has ended counts as gone though nobody has waited for it, as in a container without an init. */
function isThere(pid: number): boolean {
  return process.platform === 'linux' ? watchedProcess(pid) !== null : isAlive(pid);
}

/** Infinite if there is no mark, and if it is from a time to come. */
function ageMs(paths: RuntimePath): number {
  const made = statIfThere(markFile(paths))?.mtimeMs;
  const age = made === undefined ? Number.POSITIVE_INFINITY : Date.now() - made;
  // Clocks of a file system may be a little ahead.
  return age > -pauseMs ? age : Number.POSITIVE_INFINITY;
}

/** The agent is there, or is none: the next one that is wanted may be started at once. */
export function removeStartMark(paths: RuntimePath): void {
  try {
    fs.rmSync(markFile(paths), { force: true });
  } catch {
    // It is worth nothing in a few seconds.
  }
}
