import type { Clock } from '../system/index.ts';

/** The wall's clock, which jumps, and one that only goes on, but stands still while the machine sleeps. */
export interface TwoClocks extends Clock {
  /** Milliseconds since any moment. */
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

/** Milliseconds since then, by the clock that says more: neither sleep nor a jump makes anything younger. */
export function elapsed(clocks: TwoClocks, since: Moment): number {
  return Math.max(clocks.now() - since.wall, clocks.monotonic() - since.monotonic);
}
