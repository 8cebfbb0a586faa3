import type { CommandInput, Context } from '../cli/index.ts';
import {
  type Caller,
  type Grant,
  type GrantVerb,
  mustTellNoLogger,
  noLogger,
  recordGrant,
  refusedGrant,
} from '../record/index.ts';
import { callingProcess, refusalOf } from '../system/index.ts';

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
  const settings = await context.settings();
  recordGrant({ paths, settings, clock }, grant, callerHere(context, command));
  if (settings.log !== 'off' && settings.logTo === 'syslog' && mustTellNoLogger(paths))
    context.output.tell(`awsh: ${noLogger}; to keep only awsh's own log: awsh config unset log_to`);
}

/** For exec, the launcher is between this process and its caller and will become the command. */
export function callerHere(
  { cwd, environment }: Pick<Context, 'cwd' | 'environment'>,
  command: readonly string[] | null = null,
): Caller {
  const pid = environment.AWSH_REPLY_FD === undefined ? process.pid : process.ppid;
  return { directory: cwd, ...callingProcess(pid), command: command?.[0] ?? null };
}

/** Writes a refusal by a guard of awsh into the log, if `give` ends with one. */
export async function recordingRefusals<T>(
  context: Context,
  verb: GrantVerb,
  give: () => Promise<T>,
  input: Pick<CommandInput, 'argument' | 'command'> | null = null,
): Promise<T> {
  try {
    return await give();
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    const named = input?.argument('PROFILE') ?? null;
    const unknown = named === null ? null : { profile: named, account: null, roleArn: null };
    const grant = refusedGrant(verb, { ...refusal, target: refusal.target ?? unknown });
    await recordHere(context, grant, input?.command ?? null).catch(() => {});
    throw error;
  }
}
