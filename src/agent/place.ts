import * as fs from 'node:fs';
import type { AppPaths, Secret } from '../system/index.ts';
import { openConnection } from './client.ts';
import { type KeptSession, sessionLines } from './kept-session.ts';
import { type InstalledAwsh, isOlder } from './older.ts';
import { clearAside, putBack } from './set-aside.ts';
import { type AgentState, readState, stateFile, writeState } from './state-file.ts';

type RuntimePath = Pick<AppPaths, 'runtime'>;

/** The owner of the state file: this agent, another one, or none any more. */
export type Holder = 'ours' | 'gone' | AgentState;

/**
 * The slot that a user's agents compete for: the last one to rename its state file into place is
 * the agent.
 */
export class Place {
  readonly #paths: RuntimePath;
  readonly #state: AgentState;
  #watcher: fs.FSWatcher | null = null;

  constructor(paths: RuntimePath, state: AgentState) {
    this.#paths = paths;
    this.#state = state;
  }

  /** Takes the slot, and calls back whenever it may have been lost. */
  take(changed: () => void): void {
    writeState(this.#paths, this.#state);
    clearAside(this.#paths, this.#state.token);
    try {
      this.#watcher = fs.watch(this.#paths.runtime, { persistent: false }, changed);
      this.#watcher.on('error', () => {});
    } catch {
      // No more watches, or a file system without them: the agent also checks every few seconds.
    }
  }

  holder(): Holder {
    const { token } = this.#state;
    const state =
      readState(this.#paths) ?? (putBack(this.#paths, token) ? this.#state : readState(this.#paths));
    if (state === null) return 'gone';
    clearAside(this.#paths, token);
    return state.token.equals(this.#state.token) ? 'ours' : state;
  }

  /** Leaves the slot, and removes the state file if it is still this agent's. */
  leave(): void {
    this.#watcher?.close();
    try {
      if (this.holder() === 'ours') fs.rmSync(stateFile(this.#paths), { force: true });
      clearAside(this.#paths, this.#state.token);
    } catch {
      // There is no listener any more, so the file counts as no agent.
    }
  }
}

/** An existing agent that must stay: it answers, and it is not older than this awsh. */
export async function incumbent(
  paths: RuntimePath,
  own: InstalledAwsh,
): Promise<{ stays: boolean; state: AgentState } | null> {
  const state = readState(paths);
  const connection = state === null ? null : await openConnection(state, 1000);
  if (state === null || connection === null) return null;
  connection.close();
  return { stays: !isOlder(paths, state.version, own), state };
}

/** Tells an agent that has just been replaced to check its slot now. */
export async function nudge(state: AgentState): Promise<void> {
  const connection = await openConnection(state, 1000);
  await connection?.ask('handover', [], 1000);
  connection?.close();
}

/** Gives the sessions to the agent that took the slot. Returns how many it accepted. */
export async function handOver(
  to: AgentState,
  sessions: readonly KeptSession[],
  vaultKeys: ReadonlyMap<string, Secret>,
): Promise<number> {
  const connection = await openConnection(to, 2000);
  if (connection === null) return 0;
  let taken = 0;
  for (const [folder, key] of vaultKeys) {
    const lines = [
      ['folder', folder],
      ['value', key.reveal()],
    ] as const;
    await connection.ask('vault-key', lines, 2000);
  }
  for (const session of sessions) {
    const reply = await connection.ask('put', sessionLines(session), 2000);
    if (reply?.status === 'ok') taken += 1;
  }
  connection.close();
  return taken;
}
