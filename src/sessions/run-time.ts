import type { StsConnection } from './connection.ts';

/** What is left of the time that a prompt waits: all calls and waits of a run share it. */
export class RunTime {
  readonly #withinMs: number;
  #spentMs = 0;

  /** Without a limit, each call has its own. */
  constructor(withinMs: number = Number.POSITIVE_INFINITY) {
    this.#withinMs = withinMs;
  }

  get leftMs(): number {
    // Timers of Node take whole milliseconds.
    return Math.max(1, Math.ceil(this.#withinMs - this.#spentMs));
  }

  /** The work's time counts. */
  async spend<T>(work: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    try {
      return await work();
    } finally {
      this.#spentMs += performance.now() - begun;
    }
  }

  /** The connection, whose calls have what is left. */
  bound(connection: StsConnection): StsConnection {
    if (this.#withinMs === Number.POSITIVE_INFINITY) return connection;
    const left = () => this.leftMs;
    return {
      ...connection,
      get timeoutMs() {
        return left();
      },
    };
  }
}
