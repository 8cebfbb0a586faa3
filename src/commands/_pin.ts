import type { CommandInput, Context } from '../cli/index.ts';
import { adHocRequest, pinOfRole } from '../sessions/index.ts';
import { unloadedEnvironment } from '../shell/index.ts';
import { refuseWhileLocked, UsageError } from '../system/index.ts';
import { namedRequest, namedRole } from './ad-hoc-role.ts';

/** `awsh _pin`: what the hook runs for `awsh use --role-arn …`. Prints the word to pin, once it is known to be right. */
export async function run(context: Context, input: CommandInput): Promise<number> {
  refuseWhileLocked(context.paths);
  // The environment does not decide whose credentials `use` takes.
  const { AWS_PROFILE: _, ...environment } = unloadedEnvironment(context.environment);
  const asked = { files: await context.awsFiles(), keys: (await context.vault()).keys(), environment };
  const role = namedRole(input, asked);
  if (role === null) {
    namedRequest(input, asked, undefined);
    const why = 'it takes one profile, or a role by --role-arn';
    throw new UsageError('use does not take these words', why, 'awsh use --help');
  }
  // What is wrong with it is found out here, before anything is changed in the shell.
  adHocRequest({ ...asked, profile: role.sourceProfile }, role);
  await context.output.print(`${pinOfRole(role)}\n`);
  return 0;
}
