// Sends requests to the access portal at a rate that AWS allows, and repeats them while the portal
// is busy.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AwshError,
  type HttpAnswer,
  type HttpRequest,
  isPassingStatus,
  jsonFields,
  shownField,
  unavailableHost,
} from '../../system/index.ts';
import type { StsConnection } from '../connection.ts';
import { askService } from './service-request.ts';

/** The rate of requests to a service. Times are in milliseconds. */
export interface RequestPace {
  readonly perSecond: number;
  readonly atOnce: number;
  /** How long a request is repeated while the service is busy. */
  readonly patienceMs: number;
  /** The first and the longest pause after a refusal, without the random part. */
  readonly pausesMs: readonly [first: number, longest: number];
}

/** AWS allows 20 calls a second for all programs of a user together. */
export const portalPace: RequestPace = {
  perSecond: 10,
  atOnce: 4,
  patienceMs: 120_000,
  pausesMs: [500, 20_000],
};

/** How often a failed connection is retried. */
const mostFailures = 2;

type PacedRequest = Pick<HttpRequest, 'method' | 'url' | 'headers'>;

/**
 * Sends requests to one service at a limited rate: one token bucket for all requests. After HTTP
 * 429 or 5xx all of them pause, for the time in Retry-After, or for a time that doubles and has a
 * random part.
 */
export class PacedRequests {
  readonly #ended = new AbortController();
  /** When the next request may begin, by `performance.now()`. */
  #next = 0;
  #pausedUntil = 0;
  /** How often the service was busy. */
  throttles = 0;
  calls = 0;

  constructor(
    private readonly connection: StsConnection,
    private readonly pace: RequestPace,
  ) {}

  get isEnded(): boolean {
    return this.#ended.signal.aborted;
  }

  /** Ends every pause; no more requests are sent. */
  end(): void {
    this.#ended.abort();
  }

  /**
   * Throws NetworkError (exit 9) if the service does not answer, or is busy for longer than the
   * pace's patience.
   */
  async ask(request: PacedRequest): Promise<HttpAnswer> {
    let busySince: number | null = null;
    for (let attempt = 0, failures = 0; ; attempt++) {
      await this.#turn();
      this.calls += 1;
      const answer = await askService(request, this.connection, 1).catch((error: unknown) => {
        if (!(error instanceof AwshError) || error.failure !== 'network' || failures++ === mostFailures)
          throw error;
        return null;
      });
      if (answer !== null && !isBusy(answer)) return answer;
      if (answer !== null && answer.status < 500) this.throttles += 1;
      const now = performance.now();
      busySince ??= now;
      const pause = retryAfterMs(answer) ?? this.#pauseMs(attempt);
      if (answer !== null && now + pause - busySince > this.pace.patienceMs)
        throw unavailableHost(new URL(request.url).host, Math.max(429, answer.status));
      this.#pausedUntil = Math.max(this.#pausedUntil, now + pause);
    }
  }

  #pauseMs(attempt: number): number {
    const [first, longest] = this.pace.pausesMs;
    return Math.min(longest, first * 2 ** attempt) * (0.5 + Math.random() / 2);
  }

  /** The bucket holds as many requests as may run at once. */
  async #turn(): Promise<void> {
    const { perSecond, atOnce } = this.pace;
    const interval = 1000 / perSecond;
    for (;;) {
      this.#ended.signal.throwIfAborted();
      const now = performance.now();
      const earliest = Math.max(this.#next - (atOnce - 1) * interval, this.#pausedUntil);
      if (earliest <= now) {
        this.#next = Math.max(this.#next, now) + interval;
        return;
      }
      await sleep(earliest - now, undefined, { signal: this.#ended.signal });
    }
  }
}

/**
 * HTTP 429, a server error, or a refusal that names the rate: some AWS services send that with HTTP
 * 400.
 */
function isBusy({ status, headers, body }: HttpAnswer): boolean {
  if (isPassingStatus(status)) return true;
  const code = String(headers['x-amzn-errortype'] ?? '') || shownField(jsonFields(body), '__type');
  return status === 400 && /Throttl|TooManyRequests|SlowDown|RequestLimitExceeded/i.test(code);
}

/** Retry-After in milliseconds: seconds or a date (RFC 9110, 10.2.3); null if there is none. */
export function retryAfterMs(answer: HttpAnswer | null): number | null {
  const value = String(answer?.headers['retry-after'] ?? '').trim();
  if (/^[0-9]{1,6}$/.test(value)) return Number(value) * 1000;
  const date = /^[A-Z][a-z]{2}, /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}
