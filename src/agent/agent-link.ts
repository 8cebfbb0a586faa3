import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyHolder } from '../vault/index.ts';
import { type AgentConnection, connectAgent, type Lines } from './client.ts';
import type { AgentReply } from './reply.ts';
import type { Verb } from './request.ts';
import { type AgentStart, agentIsWanted, startAgent } from './start.ts';

/** An agent that was started a moment ago takes about this long to listen. */
const startMs = 250;

/**
 * One command's way to the agent: connected at the first question, started where there is none. An agent that does not
 * answer is not asked again: the command does without.
 */
export class AgentLink {
  readonly #start: AgentStart;
  #connection: AgentConnection | null | undefined;
  #startedAt: number | null = null;

  private constructor(start: AgentStart) {
    this.#start = start;
  }

  /** Undefined where this command is to do without an agent; `enabled` is the settings file's word. */
  static open(start: AgentStart, enabled: boolean): AgentLink | undefined {
    return enabled && agentIsWanted(start) ? new AgentLink(start) : undefined;
  }

  /** The agent's answer, or null. */
  async ask(verb: Verb, lines: Lines): Promise<AgentReply | null> {
    if (this.#connection === undefined) await this.#connect();
    return this.#connection?.ask(verb, lines) ?? null;
  }

  /**
   * As {@link ask}, for an agent that this command started, too: it is to have what was made here. Where `wait`, it is
   * given a moment to come up.
   */
  async tell(verb: Verb, lines: Lines, wait: boolean): Promise<void> {
    if (this.#connection === undefined) await this.#connect();
    while (this.#connection === null && this.#startedAt !== null) {
      this.#connection = await connectAgent(this.#start.paths);
      if (!wait || performance.now() - this.#startedAt > startMs) break;
      if (this.#connection === null) await sleep(25);
    }
    await this.#connection?.ask(verb, lines);
  }

  /** Ends the connection, and with it every lease of this command. */
  close(): void {
    this.#connection?.close();
  }

  async #connect(): Promise<void> {
    this.#connection = await connectAgent(this.#start.paths);
    if (this.#connection === null && startAgent(this.#start)) this.#startedAt = performance.now();
  }
}

/** The agent as who keeps the file backend's key, so that a passphrase is asked once (SECURITY 20). */
export function keyHolderOf(link: AgentLink): KeyHolder {
  return {
    async held(folder) {
      const reply = await link.ask('vault-key', [['folder', folder]]);
      return reply?.status === 'ok' ? Buffer.from(reply.text, 'base64url') : null;
    },
    async hold(folder, key) {
      const value = Buffer.from(key).toString('base64url');
      const lines = [
        ['folder', folder],
        ['value', value],
      ] as const;
      await link.tell('vault-key', lines, true);
    },
  };
}
