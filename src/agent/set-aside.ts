// The state file of an agent that does not answer is set aside: it then counts as no agent, and
// later commands do not wait for it.
import * as fs from 'node:fs';
import { type AppPaths, isAlive, type Secret } from '../system/index.ts';
import { sendKill } from './kill-agent.ts';
import { type AgentState, readState, readStateFile, stateFile } from './state-file.ts';

type RuntimePath = Pick<AppPaths, 'runtime'>;

export function asideFile(paths: RuntimePath): string {
  return `${stateFile(paths)}.aside`;
}

/** The agent that was set aside, or null. */
export function readAside(paths: RuntimePath): AgentState | null {
  return readStateFile(asideFile(paths));
}

/**
 * Called by a client that waited for this agent in vain. An agent that is only slow puts the file
 * back as soon as it notices.
 */
export function setAside(paths: RuntimePath, { token }: AgentState): void {
  try {
    if (!readState(paths)?.token.equals(token)) return;
    // At most one unresponsive agent is remembered, and others are killed: none may continue
    // unknown, with sessions from before a lock.
    const older = readAside(paths);
    if (older !== null && !older.token.equals(token)) sendKill(older.pid);
    fs.renameSync(stateFile(paths), asideFile(paths));
    // Another agent may have taken the slot between the check and the rename.
    if (!readAside(paths)?.token.equals(token)) restore(paths);
  } catch {
    // It cannot be set aside, or another process has done so.
  }
}

/**
 * Called by an agent whose state file has disappeared: true if it had been set aside and is in
 * place again.
 */
export function putBack(paths: RuntimePath, token: Secret): boolean {
  try {
    if (!readAside(paths)?.token.equals(token)) return false;
    restore(paths);
    return true;
  } catch {
    // Another agent has the slot, or the directory has been removed.
    return false;
  }
}

function restore(paths: RuntimePath): void {
  fs.linkSync(asideFile(paths), stateFile(paths));
  fs.rmSync(asideFile(paths), { force: true });
}

/** Removes the file that is set aside if it is this agent's, or that of a dead one. */
export function clearAside(paths: RuntimePath, token: Secret): void {
  try {
    const state = readAside(paths);
    if (state !== null && (state.token.equals(token) || !isAlive(state.pid)))
      fs.rmSync(asideFile(paths), { force: true });
  } catch {
    // Clients never look for an agent there.
  }
}
