import { type Clock, type Credentials, PersonNeededError } from '../system/index.ts';

/**
 * How a session is had. `early`: with at least so many seconds left, from wherever there is one. `anew`: a new one, made
 * with whatever is still good for as long as a call takes.
 */
export interface Renewal {
  readonly early: (minTtlSeconds: number) => Promise<Credentials>;
  readonly anew: () => Promise<Credentials>;
}

/** botocore asks for new keys a quarter of an hour before the end, the SDK for JavaScript 5 minutes before. */
const earlySeconds = 16 * 60;
/** How long a failure stands, so that a command that asks at each of its calls does not call AWS at each. */
const pauseMs = 10_000;

/**
 * Credentials for a command that runs longer than they do: renewed before an SDK would call them old, and one renewal for
 * all who ask meanwhile. Where that fails the last ones are given for as long as they are good.
 */
export class RenewingCredentials {
  #current: Credentials | null;
  #underWay: Promise<Credentials> | null = null;
  #failed: { readonly error: unknown; readonly until: number } | null = null;
  readonly #earlySeconds: number;

  constructor(
    private readonly renewal: Renewal,
    private readonly clock: Clock,
    first: Credentials | null,
    /** How long a new session lasts: one of a quarter of an hour is not to be renewed at every question. */
    lifetimeSeconds: number,
  ) {
    this.#current = first;
    this.#earlySeconds = Math.min(earlySeconds, Math.floor(lifetimeSeconds / 2));
  }

  async get(): Promise<Credentials> {
    if (this.#current !== null && this.#left(this.#current) >= this.#earlySeconds) return this.#current;
    this.#underWay ??= this.#renew().finally(() => {
      this.#underWay = null;
    });
    return this.#underWay;
  }

  async #renew(): Promise<Credentials> {
    try {
      if (this.#failed !== null && this.clock.now() < this.#failed.until) throw this.#failed.error;
      this.#failed = null;
      this.#current = await this.#obtain();
      return this.#current;
    } catch (error) {
      this.#failed ??= { error, until: this.clock.now() + pauseMs };
      if (this.#current !== null && this.#left(this.#current) > 0) return this.#current;
      throw error;
    }
  }

  /** A source session that is near its own end needs a person to renew; it still signs for an hour of a role. */
  async #obtain(): Promise<Credentials> {
    try {
      return await this.renewal.early(this.#earlySeconds);
    } catch (error) {
      if (!(error instanceof PersonNeededError)) throw error;
      return await this.renewal.anew().catch((second) => {
        throw second instanceof PersonNeededError ? error : second;
      });
    }
  }

  /** In seconds. What has no known end is read anew each time: somebody else renews it. */
  #left({ expiration }: Credentials): number {
    return expiration === null ? 0 : (expiration.getTime() - this.clock.now()) / 1000;
  }
}
