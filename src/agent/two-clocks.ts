import type { Clock } from '../system/index.ts';

/** The wall clock, which can jump, and a monotonic clock, which stops while the machine sleeps. */
export interface TwoClocks extends Clock {
  /** Milliseconds since an arbitrary moment. */
  monotonic(): number;
}

export const systemClocks: TwoClocks = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

/** A moment on both clocks. */
export interface Moment {
  readonly wall: number;
  readonly monotonic: number;
}

export function moment(clocks: TwoClocks): Moment {
  return { wall: clocks.now(), monotonic: clocks.monotonic() };
}

/**
 * Milliseconds since then, by the clock that has advanced more: neither sleep nor a jump makes
 * anything younger.
 */
export function elapsed(clocks: TwoClocks, since: Moment): number {
  return Math.max(clocks.now() - since.wall, clocks.monotonic() - since.monotonic);
}
