import { timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';

const shown = '[secret]';

/**
 * A value that must never be shown by accident: printed, logged, serialised or inspected it reads
 * `[secret]`. Only {@link Secret.reveal} returns the value; each call of it must be checked in a
 * review.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /**
   * The value itself. Pass it to stdin, a socket or a requested environment; never to argv, a log
   * or an error.
   */
  reveal(): string {
    return this.#value;
  }

  /** Compares in constant time for equal lengths. */
  equals(other: Secret): boolean {
    const a = Buffer.from(this.#value);
    const b = Buffer.from(other.#value);
    return a.length === b.length && timingSafeEqual(a, b);
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  [Symbol.toPrimitive](): string {
    return shown;
  }

  [inspect.custom](): string {
    return shown;
  }
}
