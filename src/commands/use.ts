import type { CommandInput, Context } from '../cli/index.ts';
import { run as needsHook } from './needs-hook.ts';
import { pickProfile } from './pick-profile.ts';

/** `awsh use`: prints the profile that the person chooses, for the hook to load. All else that `use` does is the hook's. */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const isAsked = input.argument('PROFILE') === undefined && !input.flag('auto');
  if (!isAsked || context.output.stdout.isTerminal) return needsHook();
  await context.output.print(`${await pickProfile(context)}\n`);
  return 0;
}
