import { join } from 'node:path';
import type { CommandInput, Context } from '../cli/index.ts';

/**
 * `awsh hook SHELL`: prints the path of the file to source, for users who edit their rc file by
 * hand.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  await context.output.print(`${join(context.packageFolder, 'shell', `awsh.${input.required('SHELL')}`)}\n`);
  return 0;
}
