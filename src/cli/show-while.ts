import type { Output } from './output.ts';

/** In milliseconds. Shorter work is not announced. */
const soonMs = 400;

/** Shows a line on a terminal while the work is running. */
export async function showWhile<T>(output: Output, line: string, work: () => Promise<T>): Promise<T> {
  const timer = setTimeout(() => output.passing(line), soonMs);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    output.passing(null);
  }
}
