import type { Context } from '../cli/index.ts';
import { type Caller, type Grant, recordGrant } from '../record/index.ts';
import { callingProcess } from '../system/index.ts';

/**
 * Writes a grant of this command to the log. `command` is exec's command line; only its first word
 * is written.
 */
export async function recordHere(
  context: Context,
  grant: Grant,
  command: readonly string[] | null = null,
): Promise<void> {
  const { paths, clock } = context;
  recordGrant({ paths, settings: await context.settings(), clock }, grant, callerHere(context, command));
}

/** For exec, the launcher is between this process and its caller and will become the command. */
export function callerHere(
  { cwd, environment }: Pick<Context, 'cwd' | 'environment'>,
  command: readonly string[] | null = null,
): Caller {
  const pid = environment.AWSH_REPLY_FD === undefined ? process.pid : process.ppid;
  return { directory: cwd, ...callingProcess(pid), command: command?.[0] ?? null };
}
