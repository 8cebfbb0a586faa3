import type { Output } from './output.ts';

/** What is over sooner needs no word. */
const soonMs = 400;

/** Says on a terminal what is under way, for as long as it takes. */
export async function showWhile<T>(output: Output, line: string, work: () => Promise<T>): Promise<T> {
  const timer = setTimeout(() => output.passing(line), soonMs);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    output.passing(null);
  }
}
