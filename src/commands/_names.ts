import type { CommandInput, Context } from '../cli/index.ts';

/** `awsh _names`: brings the names for Tab up to date. A shell starts it in the background where the AWS files are newer. */
export async function run(context: Context, _input: CommandInput): Promise<number> {
  // Nobody reads what it would say of odd lines.
  await context.refreshNames();
  return 0;
}
