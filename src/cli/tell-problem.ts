import { AwshError } from '../system/index.ts';
import { errorText } from './error-text.ts';
import type { Output } from './output.ts';

/** Shows what stops one item of many, in an error's three lines; the command goes on with the others. */
export async function tellProblem(
  output: Output,
  what: string,
  why?: string | null,
  next?: string | null,
): Promise<void> {
  const error = new AwshError('other', what, why ?? undefined, next ?? undefined);
  output.tell(await errorText(error, false, output.stderr));
}
