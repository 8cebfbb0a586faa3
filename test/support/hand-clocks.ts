import type { TwoClocks } from '../../src/agent/two-clocks.ts';

/** Clocks that a test turns by hand, together or one by one. */
export interface HandClocks extends TwoClocks {
  /** Time goes by. */
  pass(milliseconds: number): void;
  /** The machine sleeps: only the wall's clock goes on. */
  sleep(milliseconds: number): void;
  /** Somebody sets the wall's clock. */
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
