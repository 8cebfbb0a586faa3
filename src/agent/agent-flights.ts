import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenQuestion, SessionFlights, WantedSession } from '../sessions/index.ts';
import {
  AwshError,
  AwshLockedError,
  type Credentials,
  type Lease,
  LockError,
  passesWithTime,
  printable,
} from '../system/index.ts';
import type { AgentLink } from './agent-link.ts';
import { type FlightFailure, flightMs } from './flights.ts';
import { keptSession, readSession, sessionLines } from './kept-session.ts';
import type { AgentReply } from './reply.ts';
import { UnderWay } from './under-way.ts';

export interface FlightOptions {
  /** The terminal on which this command could ask the user, as shown to others. */
  readonly terminal: string | null;
  /** The directory of the lease files (AppPaths.leases). */
  readonly leases: string;
  /**
   * `command` waits up to a minute for a session that another process fetches. `hook` waits for a
   * call until it has run for three and a half seconds, and never for a question on another
   * terminal: then it throws {@link UnderWay}. `refresh`, requested by the user, waits as long as a
   * question may stay open, and then does the same.
   */
  readonly patience: 'command' | 'hook' | 'refresh';
  /** The request was caused only by the clock, so it does not postpone `lock_after`. */
  readonly byClock?: boolean;
  /**
   * The performance.now() from which its waiting time counts. 0 for a prompt, whose limit includes
   * everything its command does.
   */
  readonly since?: number;
  /** Called before this command asks, or waits for a question that is open elsewhere. */
  readonly onQuestion?: () => void;
  /** Called once, when the wait gets longer than a second. */
  readonly onWait?: (terminal: string | null) => void;
}

const waitMs = {
  command: { call: 60_000, person: 60_000 },
  hook: { call: 3500, person: 0 },
  refresh: { call: flightMs.call, person: flightMs.person },
} as const;
const pauseMs = 50;

/**
 * Coordinates fetches through the agent, and through lease files while a question is open. Without
 * an agent, or if it fails in between, the caller makes all other sessions itself.
 */
export class AgentFlights implements SessionFlights {
  readonly #link: AgentLink | undefined;
  readonly #options: FlightOptions;
  readonly #leases = new Map<string, Lease>();

  constructor(link: AgentLink | undefined, options: FlightOptions) {
    this.#link = link;
    this.#options = options;
  }

  async take(wanted: WantedSession): Promise<Credentials | null> {
    if (this.#link === undefined) return null;
    const wait = this.#newWait();
    for (;;) {
      const answer = await this.#lease(wanted, null);
      if (answer?.status === 'have') return readSession(new Map(answer.lines))?.credentials ?? null;
      if (answer?.status !== 'wait') return null;
      await wait(answer.text === '-' ? null : printable(answer.text).slice(0, 30));
    }
  }

  async isAskedElsewhere({ id }: WantedSession): Promise<boolean> {
    const { questionLease } = await import('./question-lease.ts');
    return questionLease(this.#options.leases, id).holder() !== null;
  }

  async asking(wanted: WantedSession, question: OpenQuestion): Promise<Credentials | null> {
    const { questionLease, takeQuestion } = await import('./question-lease.ts');
    const { leases, terminal, onQuestion } = this.#options;
    onQuestion?.();
    const lease = questionLease(leases, wanted.id);
    const wait = this.#newWait();
    for (let holder = lease.holder(); ; ) {
      if (holder === null) holder = await takeQuestion(lease, terminal, question);
      if (holder === null) break;
      await wait(holder.terminal);
      holder = lease.holder();
    }
    this.#leases.set(wanted.id, lease);
    // Another command may have made the session just before the lease became free.
    const made = await question.findMade();
    if (made === null && question.byUser) await this.#lease(wanted, terminal ?? 'another terminal');
    return made;
  }

  async kept(wanted: WantedSession, session: Credentials): Promise<void> {
    this.#endQuestion(wanted);
    const kept = keptSession(wanted.id, wanted.profile, session);
    if (kept === null) return;
    // The next prompt must find the session; a command does not wait for that.
    await this.#link?.tell('put', sessionLines(kept), this.#options.patience !== 'command').catch(() => {});
  }

  async failed(wanted: WantedSession, error: unknown): Promise<void> {
    this.#endQuestion(wanted);
    const failure = failureOf(error);
    const why = failure === null ? [] : ([['failed', failure]] as const);
    await this.#link?.ask('release', [['session', wanted.id], ...why]).catch(() => null);
  }

  #endQuestion({ id }: WantedSession): void {
    this.#leases.get(id)?.release();
    this.#leases.delete(id);
  }

  /**
   * Waits for another command: each call waits a moment, and throws when this command has waited
   * long enough.
   */
  #newWait(): (terminal: string | null) => Promise<void> {
    const { patience, onWait } = this.#options;
    const begun = this.#options.since ?? performance.now();
    let told = false;
    return async (terminal) => {
      const waited = performance.now() - begun;
      if (waited >= waitMs[patience][terminal === null ? 'call' : 'person']) throw this.#tooLong(terminal);
      if (waited > 1000 && !told) {
        told = true;
        onWait?.(terminal);
      }
      await sleep(pauseMs);
    };
  }

  /** Null if there is no agent, or if a name cannot be encoded. */
  async #lease(wanted: WantedSession, terminal: string | null): Promise<AgentReply | null> {
    if (this.#link === undefined) return null;
    const lines = [
      ['session', wanted.id],
      ['profile', wanted.profile],
      ['min-ttl', String(wanted.minTtlSeconds)],
      ...(terminal === null ? [] : ([['tty', terminal]] as const)),
      // The agent then gives only a session that was renewed while this command waited. The user is
      // asked only for a new one.
      ...(wanted.renew || terminal !== null ? ([['refresh', '1']] as const) : []),
      ...(this.#options.byClock ? ([['renew', '1']] as const) : []),
    ] as const;
    return this.#link.ask('lease', lines).catch((error) => {
      if (error instanceof AwshLockedError) throw error;
      return null;
    });
  }

  #tooLong(terminal: string | null): Error {
    if (this.#options.patience !== 'command') return new UnderWay(terminal);
    const where =
      terminal === null ? 'another command is fetching it' : `the question for it is open on ${terminal}`;
    return new LockError('the session did not arrive within a minute', where, 'answer there, or try again');
  }
}

function failureOf(error: unknown): FlightFailure | null {
  if (!(error instanceof AwshError)) return null;
  if (error.failure === 'personNeeded' || error.failure === 'cancelled') return 'person';
  if (error.failure === 'refused') return 'refused';
  return passesWithTime(error) && error.failure !== 'lock' ? 'network' : null;
}
