import type { Environment } from '../system/index.ts';
import { type Output, shownLine, traits, type WritableText } from './output.ts';

/** What a command has printed. */
export interface Collected {
  /** On stderr: whole lines, and all of them before the text on stdout. */
  readonly told: string;
  readonly printed: string;
}

type Stream = Pick<WritableText, 'isTTY' | 'columns'>;

/**
 * An output that only collects, for streams with these properties. Throws if the order of both texts
 * matters in another way, or if work in progress would be shown.
 */
export function collectOutput(
  stdout: Stream,
  stderr: Stream,
  environment: Environment,
): { readonly output: Output; readonly collected: () => Collected } {
  let told = '';
  let printed: string | null = null;
  const output: Output = {
    async print(text) {
      if (printed !== null) throw new Error('printed twice');
      printed = text;
    },
    tell(line) {
      if (printed !== null) throw new Error('told after the text');
      told += `${shownLine(line, environment)}\n`;
    },
    passing() {
      throw new Error('not finished at once');
    },
    stdout: traits(stdout, environment),
    stderr: traits(stderr, environment),
  };
  return { output, collected: () => ({ told, printed: printed ?? '' }) };
}
