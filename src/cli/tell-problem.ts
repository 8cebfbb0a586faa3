import { AwshError } from '../system/index.ts';
import { errorText, threeLines } from './error-text.ts';
import { lookOf } from './look.ts';
import type { Output } from './output.ts';

/**
 * Prints the error of one item of many in three lines; the command continues with the others. With
 * `next: null` there is no next command, not even one made from the error's advice.
 */
export async function tellProblem(
  output: Output,
  what: string,
  why?: string | null,
  next?: string | null,
): Promise<void> {
  if (next === null) {
    output.tell(threeLines({ what, reason: why ?? '', command: null }, await lookOf(output.stderr)));
    return;
  }
  const error = new AwshError('other', what, why ?? undefined, next);
  output.tell(await errorText(error, false, output.stderr));
}
