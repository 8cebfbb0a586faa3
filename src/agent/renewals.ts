import type { Secret } from '../system/index.ts';
import { workerEnvironment } from './agent-environment.ts';
import type { Flights } from './flights.ts';
import { type KeptSession, readSession } from './kept-session.ts';
import type { RenewalUse } from './renewal-use.ts';
import type { SessionMemory } from './session-memory.ts';
import { elapsed, type Moment, moment, type TwoClocks } from './two-clocks.ts';
import type { WorkerResult, WorkerTask } from './worker-protocol.ts';

/** A session used this recently is renewed before it ends: ten minutes before, so that a hook asking at five finds it. */
const usedSeconds = 3600;
const aheadSeconds = 600;
/** Pauses between the tries; after the last one it is left to whoever needs it. */
const pausesMs = [30_000, 60_000, 120_000] as const;
const atOnce = 4;

export interface RenewalServices {
  readonly clocks: TwoClocks;
  readonly memory: SessionMemory<RenewalUse>;
  readonly flights: Flights;
  readonly vaultKeys: ReadonlyMap<string, Secret>;
  readonly run: (environment: Record<string, string>, task: WorkerTask) => Promise<WorkerResult>;
  readonly note: (line: string) => void;
}

/** Renews by workers what is in use, where no person is needed. A try that failed is repeated three times, later each time. */
export class Renewals {
  readonly #services: RenewalServices;
  readonly #tries = new Map<string, { failed: number; last: Moment }>();
  readonly #running = new Set<string>();

  constructor(services: RenewalServices) {
    this.#services = services;
  }

  /** Starts what is due. Returns when those workers have ended, for a test to wait for. */
  async look(): Promise<void> {
    const due = this.#services.memory
      .due(aheadSeconds, usedSeconds)
      .filter(({ session }) => this.#mayTry(session.id));
    await Promise.all(
      due.slice(0, atOnce - this.#running.size).map(({ session, use }) => this.#renew(session, use)),
    );
  }

  /** Somebody made it: earlier failures no longer count. */
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
    const { flights, memory, run, note, vaultKeys } = this.#services;
    this.#running.add(id);
    flights.take(id, this, null);
    const keys = Object.fromEntries([...vaultKeys].map(([folder, key]) => [folder, key.reveal()]));
    const environment = workerEnvironment(process.env, use.surroundings);
    const result = await run(environment, { kind: 'renew', session: id, use, vaultKeys: keys });
    this.#running.delete(id);
    flights.release(id, this, null);
    const renewed = result.kind === 'session' ? readSession(new Map(result.session)) : null;
    if (renewed?.id === id) {
      memory.put(renewed);
      this.#tries.delete(id);
      note(`renewed the session of ${profile}`);
      return;
    }
    const { failure, again } =
      result.kind === 'failed' ? result : { failure: 'no session came', again: true };
    const failed = again ? (this.#tries.get(id)?.failed ?? 0) + 1 : pausesMs.length + 1;
    this.#tries.set(id, { failed, last: moment(this.#services.clocks) });
    note(`did not renew the session of ${profile}: ${failure}`);
  }
}
