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
 * Node, launcher and hooks take it only from a plain file of the user's own, in a folder of the user's own, and only if the whole
 * line matches. A stale or corrupt file counts as no agent; to launcher and hooks so does the file of an older version, and that call
 * goes to Node. The last one to rename its file is the agent: any other sees that, hands over its sessions and ends.
 */

/** How the one agent is found, and how it and its clients know each other. */
export interface AgentState {
  readonly port: number;
  readonly pid: number;
  readonly version: string;
  /** A client shows it. */
  readonly token: Secret;
  /** The agent shows it, first thing in each answer. */
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

/** One line, so that one `read` of a shell takes it in whole. */
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
