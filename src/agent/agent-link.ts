import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockedWithoutMark } from '../system/index.ts';
import type { KeyHolder } from '../vault/index.ts';
import { type AgentConnection, connectAgent, type Lines } from './client.ts';
import { isJobPath } from './job.ts';
import { limits } from './limits.ts';
import type { AgentReply } from './reply.ts';
import type { Verb } from './request.ts';
import { setAside } from './set-aside.ts';
import { type AgentStart, agentIsWanted, startAgent } from './start.ts';
import { isStarting } from './start-mark.ts';
import { readState } from './state-file.ts';

/** How often a command looks whether the agent that is being started is there. */
const pauseMs = 40;
/** An agent that ends under a command is followed by another one; not for ever. */
const mostLosses = 3;

/**
 * One command's way to the agent: connected at the first question, started where there is none. An agent that does not
 * answer is not asked again: the command does without. One that ends meanwhile is followed by the next one.
 */
export class AgentLink {
  readonly #start: AgentStart;
  readonly #askMs: number;
  #connection: AgentConnection | null | undefined;
  #isStarted = false;
  #losses = 0;
  /** For all that this command waits for an agent that is being started. */
  #startMs: number = limits.startMs;

  private constructor(start: AgentStart, askMs: number) {
    this.#start = start;
    this.#askMs = askMs;
  }

  /**
   * Undefined where this command is to do without an agent; `enabled` is the settings file's word. `waitedMs` is how long the
   * hook has waited for the agent already, if it is a hook's load that waits.
   */
  static open(start: AgentStart, enabled: boolean, waitedMs = 0): AgentLink | undefined {
    const limit = waitedMs > 0 ? limits.loadAskMs : limits.askMs;
    const askMs = Math.max(limit - waitedMs - launcherMs(start.environment), limits.leastAskMs);
    return (enabled || isJobPath(start.paths)) && agentIsWanted(start)
      ? new AgentLink(start, askMs)
      : undefined;
  }

  /** The agent's answer, or null. */
  async ask(verb: Verb, lines: Lines): Promise<AgentReply | null> {
    return this.#say(verb, lines, false);
  }

  /**
   * As {@link ask}, for an agent that this command started, too: it is to have what was made here. Where `wait`, it is
   * given time to come up.
   */
  async tell(verb: Verb, lines: Lines, wait: boolean): Promise<void> {
    if (this.#connection === undefined) await this.#connect();
    if (this.#connection === null && this.#isStarted) await this.#awaitStart(wait);
    // The agent that was started meanwhile has died: without another one, each command would make this again.
    if (this.#connection === null && wait) await this.#connectAgain();
    await this.#say(verb, lines, wait);
  }

  /** Ends the connection, and with it every lease of this command. */
  close(): void {
    this.#connection?.close();
  }

  async #say(verb: Verb, lines: Lines, wait: boolean): Promise<AgentReply | null> {
    if (this.#connection === undefined) await this.#connect();
    const connection = this.#connection ?? null;
    const reply = (await connection?.ask(verb, lines)) ?? null;
    if (connection === null || reply !== null) return reply;
    if (connection.hasTimedOut) setAside(this.#start.paths, connection.state);
    else if (await this.#connectAgain(wait)) return (await this.#connection?.ask(verb, lines)) ?? null;
    return null;
  }

  async #connectAgain(wait = true): Promise<boolean> {
    this.#losses += 1;
    if (this.#losses > mostLosses) return false;
    await this.#connect();
    if (this.#connection === null && this.#isStarted && wait) await this.#awaitStart(true);
    return true;
  }

  /** AwshLockedError from an agent that locked itself: nothing is to be made without it, either. */
  async #open(): Promise<AgentConnection | null> {
    const connection = await connectAgent(this.#start.paths, this.#askMs);
    if (!connection?.isLocked) return connection;
    connection.close();
    throw lockedWithoutMark();
  }

  async #connect(): Promise<void> {
    this.#connection = await this.#open();
    if (this.#connection !== null) return;
    const start = startAgent(this.#start);
    this.#isStarted = start !== 'failed';
    // What another command started is there soon, and may have what this one wants. The one that started it goes on meanwhile.
    if (start === 'under way') await this.#awaitStart(true);
  }

  /** Connects to the agent that is being started; if not `wait`, only if it is there now. */
  async #awaitStart(wait: boolean): Promise<void> {
    const { paths } = this.#start;
    const until = performance.now() + (wait ? this.#startMs : 0);
    for (let before = ''; ; ) {
      const isOver = performance.now() >= until || !isStarting(paths);
      const { port = 0, pid = 0 } = readState(paths) ?? {};
      // One that is not there is not tried again: fifty commands may wait here.
      if (`${port} ${pid}` !== before) this.#connection = await this.#open();
      if (isOver || this.#connection !== null) break;
      before = `${port} ${pid}`;
      await sleep(pauseMs);
    }
    if (wait) this.#startMs = Math.max(0, until - performance.now());
  }
}

/** For how long the launcher has waited for the agent before it started this program, in milliseconds. */
export function launcherMs(environment: AgentStart['environment']): number {
  const waited = environment.AWSH_AGENT_WAITED ?? '';
  return /^[0-9]{1,4}$/.test(waited) ? Number(waited) : 0;
}

/** The agent as who keeps the file backend's key, so that a passphrase is asked once (SECURITY 20). */
export function keyHolderOf(link: AgentLink, leases: string): KeyHolder {
  const held = async (folder: string) => {
    const reply = await link.ask('vault-key', [['folder', folder]]);
    return reply?.status === 'ok' ? Buffer.from(reply.text, 'base64url') : null;
  };
  return {
    held,
    async hold(folder, key) {
      const value = Buffer.from(key).toString('base64url');
      const lines = [
        ['folder', folder],
        ['value', value],
      ] as const;
      await link.tell('vault-key', lines, true);
    },
    async unlockOnce(folder, unlock) {
      const { unlockAlone } = await import('./unlock-alone.ts');
      return unlockAlone(join(leases, 'vault-key'), () => held(folder), unlock);
    },
  };
}
