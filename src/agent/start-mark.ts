// The mark of an agent that is starting: if twenty commands want one at once, one starts it and the
// others wait.
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

/** In milliseconds. A start takes less than this, even on a busy machine. */
const startMs = 5000;
/** In milliseconds: an agent that dies at once is not started again by each command. */
const pauseMs = 1000;

function markFile(paths: RuntimePath): string {
  return join(paths.runtime, 'agent.starting');
}

/** Equally long for each process, because one number is written over another. */
function lineOf(pid: number): string {
  return `${String(pid).padEnd(10)}\n`;
}

/**
 * True for the command that must start the agent; the mark then exists with its process id. Throws
 * if the disk refuses it.
 */
export function putStartMark(paths: RuntimePath): boolean {
  try {
    fs.writeFileSync(markFile(paths), lineOf(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) {
      // A full disk creates a file but stores nothing in it: the agent could not write its own file
      // either.
      removeStartMark(paths);
      throw error;
    }
  }
  if (ageMs(paths) < (isStarting(paths) ? startMs : pauseMs)) return false;
  fs.rmSync(markFile(paths), { force: true });
  return putStartMark(paths);
}

/** Notes the id of the process that is starting. */
export function nameStarting(paths: RuntimePath, pid: number): void {
  try {
    // Not created again: an agent that started quickly has removed it.
    fs.writeFileSync(markFile(paths), lineOf(pid), { flag: 'r+' });
  } catch {
    // The mark then counts by its age.
  }
}

/** True while an agent is starting. */
export function isStarting(paths: RuntimePath): boolean {
  if (ageMs(paths) >= startMs) return false;
  try {
    const pid = Number(readOwnFile(markFile(paths), 20));
    return pid > 0 ? isThere(pid) : true;
  } catch {
    return false;
  }
}

/**
 * On Linux a process that has ended counts as gone even if its parent has not waited for it, as in
 * a container without an init.
 */
function isThere(pid: number): boolean {
  return process.platform === 'linux' ? watchedProcess(pid) !== null : isAlive(pid);
}

/** Infinite if there is no mark, or if its time is in the future. */
function ageMs(paths: RuntimePath): number {
  const made = statIfThere(markFile(paths))?.mtimeMs;
  const age = made === undefined ? Number.POSITIVE_INFINITY : Date.now() - made;
  // A file system's clock may be slightly ahead.
  return age > -pauseMs ? age : Number.POSITIVE_INFINITY;
}

/** The agent has started, or has failed to: the next one may be started at once. */
export function removeStartMark(paths: RuntimePath): void {
  try {
    fs.rmSync(markFile(paths), { force: true });
  } catch {
    // It loses its meaning in a few seconds.
  }
}
