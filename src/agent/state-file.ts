import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { parseStateLine } from '../shell/index.ts';
import {
  type AppPaths,
  checkPrivateDirectory,
  ensurePrivateDirectory,
  readOwnFile,
  Secret,
  writeFileAtomic,
} from '../system/index.ts';

/*
 * `$XDG_RUNTIME_DIR/awsh/agent` (if that folder cannot be used, `$XDG_STATE_HOME/awsh/agent`), one
 * line, 0600 in a 0700 folder, written by rename:
 *
 *   PORT PID VERSION TOKEN PROOF          what each may be: src/shell/state-line.ts
 *
 * Node, the launcher and the hooks use it only if it is a plain file of the user's own, in a folder of
 * the user's own, and if the whole line matches. A stale or corrupt file counts as no agent. For the
 * launcher and the hooks so does the file of an older version; that call goes to Node. The last
 * process to rename its file into place is the agent. Any other agent notices it, hands over its
 * sessions and ends.
 */

/** How the agent is found, and how it and its clients recognise each other. */
export interface AgentState {
  readonly port: number;
  readonly pid: number;
  readonly version: string;
  /** The client sends it. */
  readonly token: Secret;
  /** The agent sends it first in each answer. */
  readonly proof: Secret;
}

type RuntimePath = Pick<AppPaths, 'runtime'>;

export function stateFile(paths: RuntimePath): string {
  return join(paths.runtime, 'agent');
}

/** 256 random bits as 64 hex digits. */
export function newToken(): Secret {
  return new Secret(randomBytes(32).toString('hex'));
}

/** One line, so that a shell can read it with one `read`. */
export function writeState(paths: RuntimePath, { port, pid, version, token, proof }: AgentState): void {
  ensurePrivateDirectory(paths.runtime);
  writeFileAtomic(stateFile(paths), `${port} ${pid} ${version} ${token.reveal()} ${proof.reveal()}\n`);
}

/** Null where there is no file of ours that names an agent, for whatever reason: then there is no agent. */
export function readState(paths: RuntimePath): AgentState | null {
  return readStateFile(stateFile(paths));
}

export function readStateFile(file: string): AgentState | null {
  try {
    checkPrivateDirectory(dirname(file));
    const line = parseStateLine(readOwnFile(file, 512).toString('latin1'));
    return line && { ...line, token: new Secret(line.token), proof: new Secret(line.proof) };
  } catch {
    return null;
  }
}
