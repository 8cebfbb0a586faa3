import { elapsed, type Moment, moment, type TwoClocks } from './two-clocks.ts';

/*
 * `wait` answers a load whose session another client is fetching: `wait`, or `asked on TTY` if the
 * user was asked there. The hook asks again at its next prompt, with `renew 1`. If the fetch ended
 * with `failed person` or `failed refused`, a load with `renew 1` or `quiet 1` gets `person` from
 * memory: nineteen waiting shells then neither ask again nor start nineteen Node processes. A new
 * `cd` or `refresh` gets `cold`, and may ask.
 */

export const flightFailures = ['person', 'refused', 'network'] as const;
/**
 * How a fetch ended without a session: the user did not answer, the answer was wrong, or AWS could
 * not be reached.
 */
export type FlightFailure = (typeof flightFailures)[number];

interface Flight {
  readonly holder: object;
  /** The terminal on which the user was asked, or null. */
  readonly terminal: string | null;
  readonly since: Moment;
  /** The session is made again even if there is one already. */
  readonly renews: boolean;
  /** The clients that wait for it. */
  readonly waiting: WeakSet<object>;
}

/**
 * In milliseconds: a question left open in a forgotten terminal must not keep every other shell
 * waiting.
 */
export const flightMs = { call: 60_000, person: 180_000 } as const;
const failureMs: Record<FlightFailure, number> = { person: 600_000, refused: 600_000, network: 30_000 };

/** One fetch at a time for each session: which client makes it, and how the last try ended. */
export class Flights {
  readonly #flights = new Map<string, Flight>();
  readonly #failures = new Map<string, { failure: FlightFailure; at: Moment }>();
  /** By session id, the clients that waited for the last new session: for them it is new enough. */
  readonly #served = new Map<string, WeakSet<object>>();
  readonly #clocks: TwoClocks;

  constructor(clocks: TwoClocks) {
    this.#clocks = clocks;
  }

  /** Null: the holder must now make the session. Otherwise the fetch that is in progress. */
  take(
    id: string,
    holder: object,
    terminal: string | null,
    renews = false,
  ): { terminal: string | null } | null {
    const flight = this.underWay(id);
    if (flight !== null && flight.holder !== holder) {
      flight.waiting.add(holder);
      return { terminal: flight.terminal };
    }
    this.#served.get(id)?.delete(holder);
    const waiting = flight?.waiting ?? new WeakSet();
    const mine = { holder, terminal, since: moment(this.#clocks), renews, waiting };
    this.#flights.set(id, mine);
    // Sessions that depend on the answer wait too: a role's session waits for the code that its
    // source needs.
    if (terminal !== null) for (const other of this.#ofHolder(holder)) this.#askedFor(other, mine);
    return null;
  }

  #askedFor(id: string, { terminal, since }: Flight): void {
    const flight = this.#flights.get(id);
    if (flight !== undefined) this.#flights.set(id, { ...flight, terminal, since });
  }

  underWay(id: string): Flight | null {
    const flight = this.#flights.get(id);
    if (flight === undefined) return null;
    const limit = flight.terminal === null ? flightMs.call : flightMs.person;
    return elapsed(this.#clocks, flight.since) < limit ? flight : null;
  }

  /** The session was made. */
  landed(id: string): void {
    const flight = this.#flights.get(id);
    if (flight?.renews === true) this.#served.set(id, flight.waiting);
    this.#flights.delete(id);
    this.#failures.delete(id);
  }

  /** True if the session was made again while this client waited for it. */
  wasRenewedFor(id: string, client: object): boolean {
    return this.#served.get(id)?.has(client) === true;
  }

  /** The holder gives up. A call from any other client is ignored. */
  release(id: string, holder: object, failure: FlightFailure | null): void {
    if (this.#flights.get(id)?.holder !== holder) return;
    this.#flights.delete(id);
    if (failure !== null) this.#failures.set(id, { failure, at: moment(this.#clocks) });
  }

  /** The holder has disconnected: all of its fetches end. */
  left(holder: object): void {
    for (const id of this.#ofHolder(holder)) this.#flights.delete(id);
  }

  #ofHolder(holder: object): string[] {
    return [...this.#flights].filter(([, flight]) => flight.holder === holder).map(([id]) => id);
  }

  failure(id: string): FlightFailure | null {
    const entry = this.#failures.get(id);
    return entry !== undefined && elapsed(this.#clocks, entry.at) < failureMs[entry.failure]
      ? entry.failure
      : null;
  }

  /** Forgets fetches and failures that are too old to count. */
  purge(): void {
    for (const id of this.#flights.keys()) if (this.underWay(id) === null) this.#flights.delete(id);
    for (const id of this.#failures.keys()) if (this.failure(id) === null) this.#failures.delete(id);
  }
}
