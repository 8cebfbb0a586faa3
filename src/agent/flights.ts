import { elapsed, type Moment, moment, type TwoClocks } from './two-clocks.ts';

export const flightFailures = ['person', 'refused', 'network'] as const;
/** How a flight ended without a session: nobody answered, the answer was wrong, or AWS could not be reached. */
export type FlightFailure = (typeof flightFailures)[number];

interface Flight {
  readonly holder: object;
  /** Where a person was asked, if one was. */
  readonly terminal: string | null;
  readonly since: Moment;
}

/** A question left open in a forgotten terminal must not keep every other shell waiting. */
export const flightMs = { call: 60_000, person: 180_000 } as const;
const failureMs: Record<FlightFailure, number> = { person: 600_000, refused: 600_000, network: 30_000 };

/** One flight for one session: who may make it, and how the last try ended. */
export class Flights {
  readonly #flights = new Map<string, Flight>();
  readonly #failures = new Map<string, { failure: FlightFailure; at: Moment }>();
  readonly #clocks: TwoClocks;

  constructor(clocks: TwoClocks) {
    this.#clocks = clocks;
  }

  /** Null: the flight is the holder's now. Else the flight that is under way. */
  take(id: string, holder: object, terminal: string | null): { terminal: string | null } | null {
    const flight = this.underWay(id);
    if (flight !== null && flight.holder !== holder) return { terminal: flight.terminal };
    const mine = { holder, terminal, since: moment(this.#clocks) };
    this.#flights.set(id, mine);
    // What waits for the answer waits with it: a role's session for the code that its source needs.
    if (terminal !== null) for (const other of this.#ofHolder(holder)) this.#flights.set(other, mine);
    return null;
  }

  underWay(id: string): Flight | null {
    const flight = this.#flights.get(id);
    if (flight === undefined) return null;
    const limit = flight.terminal === null ? flightMs.call : flightMs.person;
    return elapsed(this.#clocks, flight.since) < limit ? flight : null;
  }

  /** Somebody made the session. */
  landed(id: string): void {
    this.#flights.delete(id);
    this.#failures.delete(id);
  }

  /** The holder gives up; anybody else's word does not count. */
  release(id: string, holder: object, failure: FlightFailure | null): void {
    if (this.#flights.get(id)?.holder !== holder) return;
    this.#flights.delete(id);
    if (failure !== null) this.#failures.set(id, { failure, at: moment(this.#clocks) });
  }

  /** The holder is gone: all of its flights end. */
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

  /** Forgets what is too old to count. */
  purge(): void {
    for (const id of this.#flights.keys()) if (this.underWay(id) === null) this.#flights.delete(id);
    for (const id of this.#failures.keys()) if (this.failure(id) === null) this.#failures.delete(id);
  }
}
