import type { CommandInput, Context } from '../cli/index.ts';
import { terminalName } from '../prompt/index.ts';
import { credentialsFor, type PlanOptions, planFor, type SessionFlights } from '../sessions/index.ts';
import { type Identity, unloadedEnvironment } from '../shell/index.ts';
import {
  type Credentials,
  type Environment,
  printable,
  refuseWhileLocked,
  requireDuration,
  UsageError,
} from '../system/index.ts';

/** What `exec` and `export` were asked for. */
export interface RequestedSession {
  readonly credentials: Credentials;
  readonly identity: Identity;
}

/**
 * The credentials that the command line names. The environment counts as aws-vault has it, but what awsh itself loaded
 * into the calling shell counts as not there.
 */
export async function requestedSession(
  context: Context,
  input: CommandInput,
  { command }: { command: 'exec' | 'export' },
): Promise<RequestedSession> {
  refuseNesting(context.environment, command);
  refuseWhileLocked(context.paths);
  const environment = unloadedEnvironment(context.environment);
  const profile = input.argument('PROFILE') ?? (command === 'exec' ? environment.AWS_PROFILE : undefined);
  if (!profile) throw new UsageError(`awsh ${command} needs a profile`, undefined, 'awsh list --profiles');
  const vault = await context.vault();
  const options = planOptions(input);
  const plan = planFor({
    files: await context.awsFiles(),
    profile,
    keys: vault.keys(),
    environment,
    options,
  });
  const credentials = await credentialsFor(plan, {
    vault,
    prompter: await context.prompter(),
    clock: context.clock,
    locks: context.paths.locks,
    mfaToken: input.value('mfa-token'),
    flights: await sharedFlights(context),
    surroundings: environment,
    say: (line) => context.output.tell(`awsh: ${line}`),
  });
  return { credentials, identity: { profile, region: plan.region, endpointUrl: plan.endpointUrl } };
}

/** The agent's, where there is one: nobody is asked twice for what another terminal is asked for already. */
async function sharedFlights(context: Context): Promise<SessionFlights | undefined> {
  const agent = await context.agent();
  if (agent === undefined) return undefined;
  const { AgentFlights } = await import('../agent/index.ts');
  const onWait = (terminal: string | null) => {
    const who =
      terminal === null ? 'another awsh is fetching this session' : `${terminal} is asked for this session`;
    context.output.tell(`awsh: ${who}, waiting for it`);
  };
  return new AgentFlights(agent, { terminal: terminalName(), patience: 'command', onWait });
}

/** The options that `exec`, `export` and `explain` share. */
export function planOptions(input: CommandInput): PlanOptions {
  const duration = input.value('duration');
  const region = input.value('region');
  return {
    noSession: input.flag('no-session'),
    ...(duration !== undefined && { durationSeconds: requireDuration('--duration', duration) }),
    ...(region !== undefined && { region }),
  };
}

/** aws-vault refuses this too: a role's session would sign for another profile without anybody seeing it. */
function refuseNesting(environment: Environment, command: string): void {
  const inside = environment.AWS_VAULT;
  if (!inside) return;
  throw new UsageError(
    `this shell runs inside exec for profile ${JSON.stringify(printable(inside))}`,
    `AWS_VAULT is set, and ${command} inside it would mix two identities`,
    'leave it with: exit (or, to go on here: unset AWS_VAULT)',
  );
}
