import * as net from 'node:net';
import { encodeValue } from '../shell/index.ts';
import type { AppPaths } from '../system/index.ts';
import { limits } from './limits.ts';
import { type AgentReply, parseAgentReply } from './reply.ts';
import type { Verb } from './request.ts';
import { setAside } from './set-aside.ts';
import { type AgentState, readState } from './state-file.ts';

export type Lines = readonly (readonly [word: string, value: string])[];

/**
 * Connects to the agent and reads its proof. Returns null, within the given time (`limits.askMs` by
 * default), if there is no agent or if the listener is not the agent. The state file of a listener
 * that does not answer at all in that time is set aside.
 */
export async function connectAgent(
  paths: Pick<AppPaths, 'runtime'>,
  milliseconds: number = limits.askMs,
): Promise<AgentConnection | null> {
  const state = readState(paths);
  if (state === null) return null;
  const connection = new AgentConnection(state);
  if (await connection.greet(milliseconds)) return connection;
  connection.close();
  if (connection.hasTimedOut) setAside(paths, state);
  return null;
}

/** Asks one question of an existing agent; starts none. Null if there is no answer, or no agent. */
export async function askAgent(
  paths: Pick<AppPaths, 'runtime'>,
  verb: Verb,
  lines: Lines = [],
): Promise<AgentReply | null> {
  const connection = await connectAgent(paths);
  const reply = (await connection?.ask(verb, lines)) ?? null;
  connection?.close();
  return reply;
}

export async function openConnection(
  state: AgentState,
  milliseconds: number = limits.askMs,
): Promise<AgentConnection | null> {
  const connection = new AgentConnection(state);
  if (await connection.greet(milliseconds)) return connection;
  connection.close();
  return null;
}

/**
 * A connection to an agent that has sent the proof. The first failure ends it: every later question
 * returns null.
 */
export class AgentConnection {
  readonly state: AgentState;
  readonly #socket: net.Socket;
  #answered: ((text: string | null) => void) | null = null;
  #received = '';
  #timedOut = false;
  #isLocked = false;

  constructor(state: AgentState) {
    this.state = state;
    this.#socket = net.connect({ host: '127.0.0.1', port: state.port, noDelay: true });
    this.#socket.setEncoding('utf8');
    this.#socket.on('data', (text: string) => this.#take(text));
    this.#socket.on('error', () => this.close());
    this.#socket.on('close', () => this.#finish(null));
  }

  /** True if it ended because no answer came in time. */
  get hasTimedOut(): boolean {
    return this.#timedOut;
  }

  /** True if the agent locked itself by `lock_after` and could not write the mark of the lock. */
  get isLocked(): boolean {
    return this.#isLocked;
  }

  /** Reads the proof. False if the answer is late, or not the agent's own. */
  async greet(milliseconds: number): Promise<boolean> {
    const greeting = await this.ask('hello', [], milliseconds);
    this.#isLocked = greeting?.lines.some(([word]) => word === 'locked') ?? false;
    return greeting?.status === 'hello';
  }

  /**
   * The answer, or null if there is none in time or it is not the agent's own. Values may be
   * secrets, except in `hello`.
   */
  async ask(verb: Verb, lines: Lines = [], milliseconds: number = limits.askMs): Promise<AgentReply | null> {
    if (this.#socket.destroyed || this.#answered !== null) return null;
    const body = lines.map(([word, value]) => `${word} ${encodeValue(value)}\n`).join('');
    const text = await new Promise<string | null>((resolve) => {
      const begun = performance.now();
      let timer = setTimeout(() => {
        // The answer may have come while this process itself was not running; that time does not
        // count.
        const late = performance.now() - begun - milliseconds;
        timer = setTimeout(() => this.#giveUp(), Math.min(Math.max(late, 20), milliseconds));
      }, milliseconds);
      this.#answered = (answer) => {
        clearTimeout(timer);
        resolve(answer);
      };
      this.#socket.write(`${this.state.token.reveal()} ${verb} 1\n${body}end\n`);
    });
    const reply = text === null ? null : parseAgentReply(this.state.proof, text);
    if (reply === null) this.close();
    return reply;
  }

  /** Ends the connection, and with it its lease. */
  close(): void {
    this.#socket.destroy();
    this.#finish(null);
  }

  #giveUp(): void {
    this.#timedOut = true;
    this.close();
  }

  #take(text: string): void {
    this.#received += text;
    if (this.#answered === null || this.#received.length > limits.replyBytes) this.close();
    else if (this.#received.endsWith('\nend\n')) this.#finish(this.#received);
  }

  #finish(answer: string | null): void {
    this.#received = '';
    const answered = this.#answered;
    this.#answered = null;
    answered?.(answer);
  }
}
