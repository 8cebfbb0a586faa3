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

/**
 * `awsh _pin`: what the hook runs for `awsh use --role-arn …` and `awsh use PROFILE --read-only`. Prints the word to pin, once
 * it is known to be right.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  refuseWhileLocked(context.paths);
  // The environment does not decide whose credentials `use` takes.
  const { AWS_PROFILE: _, ...environment } = unloadedEnvironment(context.environment);
  const asked = { files: await context.awsFiles(), keys: (await context.vault()).keys(), environment };
  const role = namedRole(input, asked);
  const box = givenBox(input, context);
  const options = { ...givenNarrowing(input, context), ...(box !== null && { box }) };
  if (role === null && Object.keys(options).length === 0) {
    namedRequest(input, asked, undefined);
    const why = 'it takes one profile, or a role by --role-arn';
    throw new UsageError('use does not take these words', why, 'awsh use --help');
  }
  // What is wrong with it is found out here, before anything is changed in the shell.
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

/** A profile of the word's very name would be loaded in its place, with all that it may do. */
function requireFree(
  word: string,
  profile: string,
  { files, keys }: Pick<PlanRequest, 'files' | 'keys'>,
): string {
  if (word === profile || !isKnownProfile(word, files, () => keys)) return word;
  throw new UsageError(
    `there is a profile ${JSON.stringify(printable(word))}`,
    `that is also the name by which a shell keeps ${printable(profile)} with less than it may do`,
    ['awsh exec', shellWord(profile), '--read-only -- "$SHELL"'].join(' '),
  );
}
