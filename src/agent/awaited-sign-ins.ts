// Loads that wait for a sign-in. When it has happened, a worker fetches their sessions, so that
// each shell gets its own at the next prompt.
import { missingSignIn, type Plan, type Step, signInFileOfStep } from '../sessions/index.ts';
import { statIfThere } from '../system/index.ts';
import type { RenewalUse } from './renewal-use.ts';
import { fetchSession, type WorkerServices } from './session-by-worker.ts';
import { elapsed, type Moment, moment } from './two-clocks.ts';

/**
 * In milliseconds: the interval for checking the files of awaited sign-ins, and how long after a
 * shell's last question.
 */
const lookMs = 1000;
const longestMs = 3600_000;
/** More than a user has shells. */
const most = 100;

interface Awaited {
  readonly id: string;
  readonly use: RenewalUse;
  readonly step: Step;
  readonly path: string;
  asked: Moment;
  /** The file's state when it was last read: it is read again only if it has changed. */
  seen: string;
}

/** The sessions that shells wait for because a sign-in is missing, by id. */
export class AwaitedSignIns {
  readonly #awaited = new Map<string, Awaited>();
  readonly #fetching = new Set<string>();
  readonly #services: WorkerServices & { readonly isLocked: () => boolean };
  #timer: NodeJS.Timeout | undefined;

  constructor(services: WorkerServices & { readonly isLocked: () => boolean }) {
    this.#services = services;
  }

  /**
   * A load of this plan found no session, and waits if the sign-in is missing. If the shell was
   * told so a moment ago (`wasTried`) and the user has signed in since, the session is fetched now.
   */
  add(plan: Plan, use: RenewalUse, wasTried: boolean): void {
    const id = plan.sessionIds.at(-1);
    const [step] = plan.steps;
    const path = step === undefined ? null : signInFileOfStep(step, use.surroundings);
    if (!id || step === undefined || path === null) return;
    const asked = moment(this.#services.clocks);
    const known = this.#awaited.get(id);
    if (known !== undefined) {
      known.asked = asked;
      return;
    }
    const seen = lookOf(path);
    const isMissing = this.#isMissing(step, use);
    if (this.#awaited.size >= most || this.#fetching.has(id) || !(isMissing || wasTried)) return;
    const awaited = { id, use, step, path, asked, seen };
    if (!isMissing) {
      void this.#fetch(awaited);
      return;
    }
    this.#awaited.set(id, awaited);
    this.#timer ??= setInterval(() => this.look(), lookMs).unref();
  }

  /** Starts fetching what can be fetched now. Returns how many sessions are being fetched. */
  look(): number {
    if (this.#services.isLocked()) this.#awaited.clear();
    for (const awaited of this.#awaited.values()) {
      const { id, path, step, use, asked, seen } = awaited;
      if (elapsed(this.#services.clocks, asked) > longestMs) this.#awaited.delete(id);
      const look = lookOf(signInFileOfStep(step, use.surroundings) ?? path);
      if (look === seen) continue;
      awaited.seen = look;
      if (!this.#isMissing(step, use)) void this.#fetch(awaited);
    }
    if (this.#awaited.size === 0) this.end();
    return this.#fetching.size;
  }

  /** Stops the timer. */
  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #isMissing(step: Step, { surroundings }: RenewalUse): boolean {
    return missingSignIn(step, surroundings, this.#services.clocks.now()) !== null;
  }

  async #fetch({ id, use }: Awaited): Promise<void> {
    this.#awaited.delete(id);
    this.#fetching.add(id);
    const result = await fetchSession(id, use, this, this.#services);
    this.#fetching.delete(id);
    const { note } = this.#services;
    note(
      result === null
        ? `fetched the session of ${use.profile} after a sign-in`
        : `did not fetch the session of ${use.profile} after a sign-in: ${result.failure}`,
    );
  }
}

function lookOf(path: string): string {
  const stat = statIfThere(path);
  return stat === undefined ? '' : `${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`;
}
