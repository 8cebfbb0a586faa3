import type { KeptSession } from './kept-session.ts';
import { elapsed, type Moment, moment, type TwoClocks } from './two-clocks.ts';

interface Entry<Use> {
  readonly session: KeptSession;
  readonly put: Moment;
  /** The last time it was given out, and for what. */
  used: { readonly at: Moment; readonly use: Use } | null;
}

/** More than any user has; the oldest are dropped first. */
const most = 500;

/** The sessions, by id. `Use` is what a session was given out for, enough to renew it. */
export class SessionMemory<Use> {
  readonly #entries = new Map<string, Entry<Use>>();
  readonly #clocks: TwoClocks;

  constructor(clocks: TwoClocks) {
    this.#clocks = clocks;
  }

  put(session: KeptSession): void {
    const used = this.#entries.get(session.id)?.used ?? null;
    this.#entries.delete(session.id);
    this.#entries.set(session.id, { session, put: moment(this.#clocks), used });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > most && oldest !== undefined) this.#entries.delete(oldest);
  }

  /** The session, if it has more than this many seconds left. */
  get(id: string, minTtlSeconds: number): KeptSession | null {
    const entry = this.#entries.get(id);
    return entry !== undefined && this.#secondsLeft(entry) > minTtlSeconds ? entry.session : null;
  }

  use(id: string, use: Use): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined) entry.used = { at: moment(this.#clocks), use };
  }

  /** Those that end within `withinSeconds` and were used in the last `usedWithinSeconds`. */
  due(withinSeconds: number, usedWithinSeconds: number): { session: KeptSession; use: Use }[] {
    return [...this.#entries.values()].flatMap((entry) => {
      const { used, session } = entry;
      const isWanted = used !== null && elapsed(this.#clocks, used.at) <= usedWithinSeconds * 1000;
      return isWanted && this.#secondsLeft(entry) <= withinSeconds ? [{ session, use: used.use }] : [];
    });
  }

  /** All that have not expired. */
  all(): KeptSession[] {
    return [...this.#entries.values()]
      .filter((entry) => this.#secondsLeft(entry) > 0)
      .map(({ session }) => session);
  }

  /** When each session was last given out. */
  lastUses(): { profile: string; at: Date }[] {
    return [...this.#entries.values()].flatMap(({ session, used }) =>
      used === null ? [] : [{ profile: session.profile, at: new Date(used.at.wall) }],
    );
  }

  forget(id: string): void {
    this.#entries.delete(id);
  }

  /** Forgets expired sessions. */
  purge(): void {
    for (const [id, entry] of this.#entries) if (this.#secondsLeft(entry) <= 0) this.#entries.delete(id);
  }

  wipe(): void {
    this.#entries.clear();
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * Uses the stricter of the two clocks: setting the clock back must not keep an expired session.
   */
  #secondsLeft({ session, put }: Entry<Use>): number {
    const end = session.credentials.expiration.getTime();
    const byWall = end - this.#clocks.now();
    const byMonotonic = end - put.wall - (this.#clocks.monotonic() - put.monotonic);
    return Math.min(byWall, byMonotonic) / 1000;
  }
}
