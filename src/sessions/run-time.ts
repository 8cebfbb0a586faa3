import type { StsConnection } from './connection.ts';

/** The remaining time of a prompt, shared by all calls and waits of a run. */
export class RunTime {
  readonly #withinMs: number;
  #spentMs = 0;

  /** Without a limit, each call has its own. */
  constructor(withinMs: number = Number.POSITIVE_INFINITY) {
    this.#withinMs = withinMs;
  }

  get leftMs(): number {
    // Node's timers take whole milliseconds.
    return Math.max(1, Math.ceil(this.#withinMs - this.#spentMs));
  }

  /** The time of `work` counts. */
  async spend<T>(work: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    try {
      return await work();
    } finally {
      this.#spentMs += performance.now() - begun;
    }
  }

  /** The connection, with the remaining time as its limit. */
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
