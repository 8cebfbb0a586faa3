import type { CommandInput, Context } from '../cli/index.ts';
import {
  adHocRequest,
  isKnownProfile,
  type PlanRequest,
  pinnedRequest,
  pinOfChoice,
  pinOfRole,
  planFor,
} from '../sessions/index.ts';
import { unloadedEnvironment } from '../shell/index.ts';
import { printable, refuseWhileLocked, shellWord, UsageError } from '../system/index.ts';
import { namedRequest, namedRole } from './ad-hoc-role.ts';
import { givenNarrowing } from './narrowing-options.ts';
import { pickProfile } from './pick-profile.ts';
import { givenBox } from './plan-limits.ts';
import { givenReason } from './session-reason.ts';

/**
 * `awsh _pin`: run by the hook for `awsh use --role-arn …` and `awsh use PROFILE --read-only`.
 * Checks the request and prints the name to pin.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  refuseWhileLocked(context.paths);
  // `use` ignores the environment when it chooses credentials.
  const { AWS_PROFILE: _, ...environment } = unloadedEnvironment(context.environment);
  const asked = { files: await context.awsFiles(), keys: (await context.vault()).keys(), environment };
  const role = namedRole(input, asked);
  const box = givenBox(input, context);
  const reason = givenReason(input);
  const options = {
    ...givenNarrowing(input, context),
    ...(box !== null && { box }),
    ...(reason !== null && { reason }),
  };
  if (role === null && Object.keys(options).length === 0) {
    namedRequest(input, asked, undefined);
    const why = 'it takes one profile, or a role with --role-arn';
    throw new UsageError('use does not accept these arguments', why, 'awsh use --help');
  }
  // Errors are found here, before anything in the shell is changed.
  if (role !== null) adHocRequest({ ...asked, profile: role.sourceProfile }, role);
  const profile = role === null ? await namedProfile(context, input) : pinOfRole(role);
  const word = pinOfChoice({ profile, ...options });
  planFor(pinnedRequest({ ...asked, environment: {}, profile: requireFree(word, profile, asked) }));
  await context.output.print(`${word}\n`);
  return 0;
}

async function namedProfile(context: Context, input: CommandInput): Promise<string> {
  return input.argument('PROFILE') ?? (await pickProfile(context, 'use'));
}

/** A profile with exactly this name would be loaded instead, with all its permissions. */
function requireFree(
  word: string,
  profile: string,
  { files, keys }: Pick<PlanRequest, 'files' | 'keys'>,
): string {
  if (word === profile || !isKnownProfile(word, files, () => keys)) return word;
  throw new UsageError(
    `there is a profile ${JSON.stringify(printable(word))}`,
    `that is also the name of a shell's ${printable(profile)} with reduced permissions`,
    ['awsh exec', shellWord(profile), '--read-only -- "$SHELL"'].join(' '),
  );
}
