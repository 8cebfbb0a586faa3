import type { CommandInput, Context } from '../cli/index.ts';

/**
 * `awsh _names`: updates the names for completion. A shell starts it in the background if the AWS
 * files are newer.
 */
export async function run(context: Context, _input: CommandInput): Promise<number> {
  // Its warnings about odd lines would not be seen.
  await context.refreshNames();
  return 0;
}
