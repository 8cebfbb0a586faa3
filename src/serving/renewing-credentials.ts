import { type Clock, type Credentials, PersonNeededError } from '../system/index.ts';

/**
 * How a session is obtained. `early`: one with at least this many seconds left, from any source.
 * `anew`: a new one, made with credentials that are valid for at least the duration of a call.
 */
export interface Renewal {
  readonly early: (minTtlSeconds: number) => Promise<Credentials>;
  readonly anew: () => Promise<Credentials>;
}

/**
 * In seconds. botocore asks for new keys 15 minutes before the end, the SDK for JavaScript 5
 * minutes before.
 */
const earlySeconds = 16 * 60;
/**
 * In milliseconds: how long a failure is repeated, so that a command that asks for each of its
 * calls does not call AWS each time.
 */
const pauseMs = 10_000;

/**
 * Credentials for a command that runs longer than they last: renewed before an SDK would consider
 * them old, with one renewal for all requests in the meantime. If that fails the last ones are
 * given for as long as they are valid.
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
    /**
     * The duration of a new session in seconds: one of 15 minutes must not be renewed at every
     * request.
     */
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

  /**
   * A source session near its own end needs the user to renew it; it can still sign for an hour of
   * a role.
   */
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

  /**
   * In seconds. Credentials without a known expiry are read again each time, because another
   * program renews them.
   */
  #left({ expiration }: Credentials): number {
    return expiration === null ? 0 : (expiration.getTime() - this.clock.now()) / 1000;
  }
}
