import { isatty } from 'node:tty';
import type { CommandInput, Context } from '../cli/index.ts';
import { choiceOfPin, requireKnownProfile, roleOfPin } from '../sessions/index.ts';
import { CancelledError, refuseWhileLocked, UnknownProfileError, UsageError } from '../system/index.ts';
import { namedRole } from './ad-hoc-role.ts';
import { run as needsHook } from './needs-hook.ts';
import { canPickProfile, pickProfile } from './pick-profile.ts';
import { narrowingOptions } from './requested-session.ts';

/**
 * `awsh use`: prints the profile that the user chooses, for the hook to load. The hook runs `use
 * --check NAME` if it could not find NAME: it prints NAME if there is such a profile, and otherwise
 * reports why not. The hook does the rest of `use`.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const name = input.argument('PROFILE');
  const hasMore = input.value('for') !== undefined || input.value('reason') !== undefined;
  const isLimited = hasMore || (await narrowingOptions(input, context)).narrowing;
  if (name === undefined && isLimited) throw nameMissing();
  if (input.flag('auto') || context.output.stdout.isTerminal) return needsHook();
  if (name === undefined) return printName(context, await pickProfile(context, 'use'));
  return input.flag('check') ? checkProfile(context, input, name) : needsHook();
}

function nameMissing(): UsageError {
  return new UsageError(
    'use needs the name of a profile here',
    '--for, --reason and the options that reduce permissions need a profile',
    'awsh list --profiles',
  );
}

async function printName({ output }: Context, name: string): Promise<number> {
  await output.print(`${name}\n`);
  return 0;
}

/**
 * Prints the name, or the name of the profile that the user chooses instead at a terminal. Exit 3
 * if there is none.
 */
async function checkProfile(context: Context, input: CommandInput, name: string): Promise<number> {
  refuseWhileLocked(context.paths);
  const files = await context.awsFiles();
  try {
    const profile = choiceOfPin(name)?.profile ?? name;
    if (roleOfPin(profile) === null) {
      const keys = (await context.vault()).keys();
      if (profile === name) namedRole(input, { files, keys, environment: {} });
      requireKnownProfile({ files, profile, keys });
    }
  } catch (error) {
    const { stderr } = context.output;
    // In a script, `use` has no stdin to choose with, even at a terminal.
    const isAsked = stderr.isTerminal && isatty(0);
    if (!(error instanceof UnknownProfileError && isAsked && canPickProfile(context))) throw error;
    return chooseInstead(context, name, error);
  }
  return printName(context, name);
}

/** The error is shown only if nothing is chosen; after a choice it would look like a failure. */
async function chooseInstead(context: Context, name: string, error: UnknownProfileError): Promise<number> {
  try {
    return await printName(context, await pickProfile(context, 'use', name));
  } catch (reason) {
    throw reason instanceof CancelledError ? error : reason;
  }
}
