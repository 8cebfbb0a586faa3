import { writeSync } from 'node:fs';
import type { CommandInput, Context } from '../cli/index.ts';
import type { Plan } from '../sessions/index.ts';
import {
  type EnvironmentChange,
  encodeValue,
  execChange,
  exportText,
  launcherLines,
  profileChange,
} from '../shell/index.ts';
import { AwshError, type Environment, hasCode, UsageError } from '../system/index.ts';
import { debugTrace, requestedSession } from './requested-session.ts';

/**
 * `awsh exec PROFILE -- CMD`: gets the credentials and passes them to the launcher. The launcher
 * runs the command, so the exit status, the signals and the terminal are the command's own.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const reply = replyDescriptor(context);
  if (wantsServer(input)) {
    const { serveCommand } = await import('./exec-server.ts');
    return serveCommand(context, input, (change, profile) =>
      tellLauncher(reply, context, input, change, profile),
    );
  }
  const { environment } = context;
  const isNamed = wantsProfile(input, environment);
  let profile = '';
  const check = (plan: Plan) => {
    if (isNamed) refuseProfileName(input, plan);
    profile = plan.profile;
  };
  const { credentials, identity } = await requestedSession(context, input, { command: 'exec', check });
  if (input.flag('json')) {
    await context.output.print(exportText('json', credentials, identity));
    return 0;
  }
  const change = isNamed
    ? profileChange(environment, identity)
    : execChange(environment, credentials, identity);
  await tellLauncher(reply, context, input, change, profile);
  return 0;
}

/**
 * With only a profile's name, the command gets that profile's unchanged credentials. Throws
 * UsageError if the options change them.
 */
function refuseProfileName(input: CommandInput, { narrowing }: Plan): void {
  if (input.value('role-arn') !== undefined || input.value('source-profile') !== undefined)
    throw new UsageError(
      '--profile-env needs a profile of the AWS config file',
      'the command finds its credentials by that name',
    );
  if (input.flag('only'))
    throw new UsageError(
      '--profile-env cannot be used with --only',
      'the AWS config file of the command has no credentials in it',
      'leave out --profile-env',
    );
  if (narrowing !== undefined)
    throw new UsageError(
      '--profile-env cannot be used with reduced permissions',
      `${narrowing.by} reduces the permissions, but the command would find the full credentials of the profile`,
      'leave out --profile-env',
    );
}

/** aws-vault accepts `true`, `1` and the like for its variable (kingpin, strconv.ParseBool). */
function wantsProfile(input: CommandInput, environment: Environment): boolean {
  const value = environment.AWSH_PROFILE_ENV || environment.AWS_VAULT_PROFILE_ENV || '';
  return input.flag('profile-env') || /^(1|t|true)$/i.test(value);
}

function wantsServer(input: CommandInput): boolean {
  return input.flag('server') || input.flag('ecs-server');
}

async function tellLauncher(
  reply: number,
  context: Context,
  input: CommandInput,
  given: EnvironmentChange,
  profile: string,
): Promise<void> {
  const { change, program } = input.flag('only')
    ? await (await import('./only-profile.ts')).onlyProfile(
        context,
        profile,
        given,
        commandWords(context, input),
      )
    : { change: given, program: null };
  const unset = change.unset.filter((name) => context.environment[name] !== undefined);
  debugTrace(context)?.(
    `the command gets ${[...change.set.keys()].join(' ')}; unset: ${unset.join(' ') || 'nothing'}`,
  );
  const lines = [
    program === null ? whatToRun(context, input) : `shell ${encodeValue(program)}`,
    ...launcherLines(change),
    'end',
  ];
  try {
    writeSync(reply, `${lines.join('\n')}\n`);
  } catch (error) {
    // The launcher was killed: there is no command any more that could get the reply.
    if (!hasCode(error, 'EPIPE')) throw error;
  }
}

function commandWords({ environment }: Context, { command }: CommandInput): readonly string[] {
  return command !== null && command.length > 0 ? command : [environment.SHELL || '/bin/sh'];
}

function whatToRun(context: Context, input: CommandInput): string {
  if (input.command !== null && input.command.length > 0) return `run ${input.commandOffset}`;
  const shell = context.environment.SHELL || '/bin/sh';
  const { AWSH_DISABLE_HELP_MESSAGE, AWS_VAULT_DISABLE_HELP_MESSAGE } = context.environment;
  const silent = AWSH_DISABLE_HELP_MESSAGE || AWS_VAULT_DISABLE_HELP_MESSAGE;
  if (context.output.stderr.isTerminal && !silent) {
    context.output.tell(`Starting subshell ${shell}, use \`exit\` to exit the subshell`);
  }
  return `shell ${encodeValue(shell)}`;
}

/** The descriptor from which bin/awsh reads the reply. */
function replyDescriptor(context: Context): number {
  const descriptor = context.environment.AWSH_REPLY_FD;
  if (descriptor === '3') return 3;
  throw new AwshError(
    'other',
    'exec needs the launcher',
    'bin/awsh runs the command, but Node was started without it',
    'awsh exec PROFILE -- CMD',
  );
}
