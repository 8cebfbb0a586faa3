import type { KeptSession } from './kept-session.ts';
import type { RenewalUse } from './renewal-use.ts';
import { fetchSession, type WorkerServices } from './session-by-worker.ts';
import { elapsed, type Moment, moment } from './two-clocks.ts';

/**
 * A session used this recently is renewed ten minutes before it ends, so that a hook that asks five
 * minutes before finds the new one.
 */
const usedSeconds = 3600;
const aheadSeconds = 600;
/** The pauses between tries. After the last one, the next request for the session renews it. */
const pausesMs = [30_000, 60_000, 120_000] as const;
const atOnce = 4;

/**
 * Renews sessions in use by workers, if the user is not needed. A failed try is repeated three
 * times, after longer and longer pauses.
 */
export class Renewals {
  readonly #services: WorkerServices;
  readonly #tries = new Map<string, { failed: number; last: Moment }>();
  readonly #running = new Set<string>();

  constructor(services: WorkerServices) {
    this.#services = services;
  }

  /**
   * Starts the renewals that are due. Returns when their workers have ended, so that a test can
   * wait for them.
   */
  async look(): Promise<void> {
    const due = this.#services.memory
      .due(aheadSeconds, usedSeconds)
      .filter(({ session }) => this.#mayTry(session.id));
    await Promise.all(
      due.slice(0, atOnce - this.#running.size).map(({ session, use }) => this.#renew(session, use)),
    );
  }

  /** The session was made: earlier failures no longer count. */
  kept(id: string): void {
    this.#tries.delete(id);
  }

  #mayTry(id: string): boolean {
    if (this.#running.has(id) || this.#services.flights.underWay(id) !== null) return false;
    const tries = this.#tries.get(id);
    if (tries === undefined) return true;
    const pause = pausesMs[tries.failed - 1];
    return pause !== undefined && elapsed(this.#services.clocks, tries.last) >= pause;
  }

  async #renew({ id, profile }: KeptSession, use: RenewalUse): Promise<void> {
    const { note } = this.#services;
    this.#running.add(id);
    const failed = await fetchSession(id, use, this, this.#services);
    this.#running.delete(id);
    if (failed === null) {
      this.#tries.delete(id);
      note(`renewed the session of ${profile}`);
      return;
    }
    const tries = failed.again ? (this.#tries.get(id)?.failed ?? 0) + 1 : pausesMs.length + 1;
    this.#tries.set(id, { failed: tries, last: moment(this.#services.clocks) });
    note(`did not renew the session of ${profile}: ${failed.failure}`);
  }
}
