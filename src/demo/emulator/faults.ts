import type { Reply } from './service.ts';

/** The kinds of faults. */
export type Misbehaviour =
  /** Answers correctly, but late by this many milliseconds. */
  | { kind: 'slow'; milliseconds: number }
  /** Closes the connection without an answer; `meanwhile` is called just before. */
  | { kind: 'refuse'; meanwhile?: () => void }
  /** As `refuse`, but the action has happened: the network failed before the answer arrived. */
  | { kind: 'cut'; meanwhile?: () => void }
  /** Never answers; the connection stays open until the emulator closes. */
  | { kind: 'hang' }
  /** Answers 400 Throttling, which every SDK retries. */
  | { kind: 'throttle' }
  /** Refuses with this code and text, in the service's own format. */
  | { kind: 'error'; code: string; message: string; status?: number }
  /** Sends this instead of an answer. */
  | {
      kind: 'reply';
      body: string;
      status?: number;
      contentType?: string;
      headers?: Readonly<Record<string, string>>;
    }
  /** Answers with the body changed, to put hostile text into any field. The action has happened. */
  | { kind: 'rewrite'; rewrite: (body: string) => string };

/** A fault for one action or all, after `skip` calls, for `times` calls or until it is removed. */
export type Fault = Misbehaviour & { action?: string; skip?: number; times?: number };

/** The active faults. The oldest that matches a call applies. */
export class Faults {
  #faults: { fault: Fault; skip: number; left: number }[] = [];

  /** Activates a fault; the returned function removes it. */
  add(fault: Fault): () => void {
    const entry = { fault, skip: fault.skip ?? 0, left: fault.times ?? Number.POSITIVE_INFINITY };
    this.#faults.push(entry);
    return () => {
      this.#faults = this.#faults.filter((other) => other !== entry);
    };
  }

  clear(): void {
    this.#faults = [];
  }

  /** The fault that applies to this call, counted as used. */
  take(action: string): Fault | null {
    const entry = this.#faults.find(
      ({ fault, left }) => left > 0 && (fault.action === undefined || fault.action === action),
    );
    if (entry === undefined) return null;
    if (entry.skip > 0) {
      entry.skip -= 1;
      return null;
    }
    entry.left -= 1;
    return entry.fault;
  }
}

/** The reply that a `reply` fault sends. */
export function rawReply(fault: Extract<Fault, { kind: 'reply' }>): Reply {
  const { status = 200, contentType = 'text/xml', body, headers = {} } = fault;
  return { status, contentType, body, headers };
}
