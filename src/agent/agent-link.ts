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

/** In milliseconds: the interval at which a command checks whether a starting agent is ready. */
const pauseMs = 40;
/** An agent that ends during a command is replaced, but only this often. */
const mostLosses = 3;

/**
 * One command's connection to the agent: made at the first question; an agent is started if there
 * is none. An agent that does not answer is not asked again, and the command continues without it.
 * If an agent ends in the meantime, its successor is used.
 */
export class AgentLink {
  readonly #start: AgentStart;
  readonly #askMs: number;
  #connection: AgentConnection | null | undefined;
  #isStarted = false;
  #losses = 0;
  /** The total time that this command waits for starting agents, in milliseconds. */
  #startMs: number = limits.startMs;

  private constructor(start: AgentStart, askMs: number) {
    this.#start = start;
    this.#askMs = askMs;
  }

  /**
   * Undefined if this command must work without an agent; `enabled` is from the settings file.
   * `waitedMs` is how long the hook has already waited for the agent, for a hook's load.
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
   * Like {@link ask}, but also for an agent that this command has just started: it must receive
   * what was made here. If `wait` is true, it gets time to start.
   */
  async tell(verb: Verb, lines: Lines, wait: boolean): Promise<void> {
    if (this.#connection === undefined) await this.#connect();
    if (this.#connection === null && this.#isStarted) await this.#awaitStart(wait);
    // The agent that was started in the meantime has died. Without another one, each command would
    // make this session again.
    if (this.#connection === null && wait) await this.#connectAgain();
    await this.#say(verb, lines, wait);
  }

  /** Ends the connection, and with it all leases of this command. */
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

  /**
   * Throws AwshLockedError if the agent locked itself: then nothing may be made without it either.
   */
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
    // An agent started by another command is ready soon, and may have the wanted session. The
    // command that starts an agent does not wait for it.
    if (start === 'under way') await this.#awaitStart(true);
  }

  /** Connects to the agent that is being started. Without `wait`, only if it is ready now. */
  async #awaitStart(wait: boolean): Promise<void> {
    const { paths } = this.#start;
    const until = performance.now() + (wait ? this.#startMs : 0);
    for (let before = ''; ; ) {
      const isOver = performance.now() >= until || !isStarting(paths);
      const { port = 0, pid = 0 } = readState(paths) ?? {};
      // The same missing agent is not tried again, because fifty commands may be waiting here.
      if (`${port} ${pid}` !== before) this.#connection = await this.#open();
      if (isOver || this.#connection !== null) break;
      before = `${port} ${pid}`;
      await sleep(pauseMs);
    }
    if (wait) this.#startMs = Math.max(0, until - performance.now());
  }
}

/**
 * How long the launcher has waited for the agent before it started this program, in milliseconds.
 */
export function launcherMs(environment: AgentStart['environment']): number {
  const waited = environment.AWSH_AGENT_WAITED ?? '';
  return /^[0-9]{1,4}$/.test(waited) ? Number(waited) : 0;
}

/**
 * For a command that does not need the agent, after the launcher has waited for it in vain: the next
 * one must not wait again.
 */
export async function setAsideIfSilent(
  paths: AgentStart['paths'],
  environment: AgentStart['environment'],
): Promise<void> {
  if (launcherMs(environment) > 0) (await connectAgent(paths, limits.leastAskMs))?.close();
}

/**
 * Lets the agent hold the file backend's key, so that a passphrase is asked for once (security rule
 * 20).
 */
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
