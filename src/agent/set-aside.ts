// The state file of an agent that does not answer is set aside: then it counts as no agent, and nobody waits for it again.
import * as fs from 'node:fs';
import { type AppPaths, isAlive, type Secret } from '../system/index.ts';
import { sendKill } from './kill-agent.ts';
import { type AgentState, readState, readStateFile, stateFile } from './state-file.ts';

type RuntimePath = Pick<AppPaths, 'runtime'>;

export function asideFile(paths: RuntimePath): string {
  return `${stateFile(paths)}.aside`;
}

/** The agent that was set aside, if one was. */
export function readAside(paths: RuntimePath): AgentState | null {
  return readStateFile(asideFile(paths));
}

/** For a client that waited for this agent in vain. An agent that is only slow puts the file back as soon as it notices. */
export function setAside(paths: RuntimePath, { token }: AgentState): void {
  try {
    if (!readState(paths)?.token.equals(token)) return;
    // Of agents that do not answer one at most is remembered: none is to go on unknown, with sessions from before a lock.
    const older = readAside(paths);
    if (older !== null && !older.token.equals(token)) sendKill(older.pid);
    fs.renameSync(stateFile(paths), asideFile(paths));
    // Another agent may have taken the place between the look and the rename.
    if (!readAside(paths)?.token.equals(token)) restore(paths);
  } catch {
    // It cannot be set aside, or somebody else has done it.
  }
}

/** For an agent whose state file is gone: true if it was set aside and is in its place again. */
export function putBack(paths: RuntimePath, token: Secret): boolean {
  try {
    if (!readAside(paths)?.token.equals(token)) return false;
    restore(paths);
    return true;
  } catch {
    // Another agent has the place, or the directory is gone.
    return false;
  }
}

function restore(paths: RuntimePath): void {
  fs.linkSync(asideFile(paths), stateFile(paths));
  fs.rmSync(asideFile(paths), { force: true });
}

/** Removes what is aside if it is this agent's, or that of one that has died. */
export function clearAside(paths: RuntimePath, token: Secret): void {
  try {
    const state = readAside(paths);
    if (state !== null && (state.token.equals(token) || !isAlive(state.pid)))
      fs.rmSync(asideFile(paths), { force: true });
  } catch {
    // Nobody looks for an agent there.
  }
}
