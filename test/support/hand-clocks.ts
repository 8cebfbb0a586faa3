import type { TwoClocks } from '../../src/agent/two-clocks.ts';

/** Clocks that a test sets, together or separately. */
export interface HandClocks extends TwoClocks {
  /** Advances all clocks. */
  pass(milliseconds: number): void;
  /** The machine sleeps: only the wall clock advances. */
  sleep(milliseconds: number): void;
  /** A user changes the wall clock. */
  jump(milliseconds: number): void;
}

export function handClocks(): HandClocks {
  let [wall, monotonic] = [Date.UTC(2030, 0, 1), 5000];
  const turn = (milliseconds: number) => {
    wall += milliseconds;
  };
  return {
    now: () => wall,
    monotonic: () => monotonic,
    pass(milliseconds) {
      wall += milliseconds;
      monotonic += milliseconds;
    },
    sleep: turn,
    jump: turn,
  };
}
