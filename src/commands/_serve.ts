import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { AgentFlights, AgentLink, agentEnvironment, UnderWay } from '../agent/index.ts';
import { type Context, chosenVaultSettings, lazyKeyHolder } from '../cli/index.ts';
import { silentPrompter } from '../prompt/index.ts';
import { grantOf, recordGrant } from '../record/index.ts';
import {
  type ClosedOrders,
  PortKeeper,
  parseOrders,
  RenewingCredentials,
  type ServerOrders,
  startClosedServer,
  startContainerServer,
} from '../serving/index.ts';
import { assumedPlan, credentialsFor, type Plan, type SessionRun } from '../sessions/index.ts';
import { AwshError, type Credentials, isLocked, isRunning, PersonNeededError } from '../system/index.ts';
import { type KeyHolder, openVault } from '../vault/index.ts';
import type { VaultChoice } from './server-start.ts';

type Orders = ServerOrders<VaultChoice>;

/** How often it is looked whether the command has ended, when nobody asks for anything. */
const lookMs = 1000;
/** More than a command has roles to change to. */
const mostRoles = 100;

/**
 * `awsh _serve`: the server of one `exec --server`. Its orders come through stdin, its port goes to stdout; then it gives
 * keys until the command has ended or awsh is locked. It asks nobody. After a lock the process ends, with all that it knew; the
 * port's keeper then starts another one whose orders are to refuse.
 */
export async function run(context: Context): Promise<number> {
  const orders = parseOrders<VaultChoice>(await text(process.stdin));
  return 'closedFor' in orders ? refuse(orders) : serve(context, orders);
}

async function refuse({ closedFor }: ClosedOrders): Promise<number> {
  await startClosedServer();
  while (isRunning(closedFor)) await sleep(lookMs);
  return 0;
}

async function serve(context: Context, orders: Orders): Promise<number> {
  const holds = holdsFor(context, orders);
  const recorded = recordEachKey(context, orders);
  const renewing = renewingCredentials(context, orders);
  const roles = new Map<string, { plan: Plan; renewing: RenewingCredentials }>();
  const roleCredentials = async (arn: string) => {
    const plan = assumedPlan(orders.plan, arn);
    const known = roles.get(arn);
    const made = known ?? { plan, renewing: renewingCredentials(context, { ...orders, plan, first: null }) };
    if (roles.size < mostRoles) roles.set(arn, made);
    return recorded(made.plan, await made.renewing.get());
  };
  const { token } = orders;
  const { clock } = context;
  const { port, descriptor } = await startContainerServer({
    token,
    holds,
    clock,
    credentials: async () => recorded(orders.plan, await renewing.get()),
    roleCredentials,
  });
  const keeper = new PortKeeper({
    packageFolder: context.packageFolder,
    descriptor,
    command: orders.command,
    environment: agentEnvironment(context.environment),
  });
  if (!(await keeper.ensure())) throw new AwshError('other', 'the port of exec --server cannot be kept');
  await context.output.print(`${port}\n`);
  while (holds()) {
    await sleep(lookMs);
    await keeper.ensure();
  }
  if (!isRunning(orders.command)) await keeper.end();
  return 0;
}

/** Once over it stays so, whatever `unlock` does. */
function holdsFor({ paths, clock }: Context, { command, until }: Orders): () => boolean {
  let holds = true;
  return () => {
    const isInTime = until === null || clock.now() / 1000 < until;
    holds &&= isInTime && isRunning(command) && !isLocked(paths);
    return holds;
  };
}

/** Writes each access key into the log before it is given for the first time. */
function recordEachKey(
  context: Context,
  { caller, first }: Orders,
): (plan: Plan, credentials: Credentials) => Promise<Credentials> {
  const known = new Set([first?.accessKeyId]);
  return async (plan, credentials) => {
    const { accessKeyId } = credentials;
    if (known.has(accessKeyId)) return credentials;
    const { paths, clock } = context;
    const recorder = { paths, settings: await context.settings(), clock };
    recordGrant(recorder, grantOf('serve', plan, credentials), caller);
    known.add(accessKeyId);
    return credentials;
  };
}

function renewingCredentials(context: Context, orders: Orders): RenewingCredentials {
  const { plan, first } = orders;
  const renewal = {
    early: (minTtlSeconds: number) => obtain(context, orders, { minTtlSeconds }),
    anew: () => obtain(context, orders, { minTtlSeconds: 30, refresh: true }),
  };
  return new RenewingCredentials(renewal, context.clock, first, lifetimeOf(plan));
}

/** One renewal. The way to the agent is new each time: hours lie between two of them, and it may be another agent. */
async function obtain(
  context: Context,
  { plan, options, vaultKeys, surroundings }: Orders,
  wish: Pick<SessionRun, 'minTtlSeconds' | 'refresh'>,
): Promise<Credentials> {
  const { paths, environment, clock, packageFolder } = context;
  const settings = await context.settings();
  const agent = AgentLink.open({ paths, environment, packageFolder }, settings.agent);
  const prompter = silentPrompter();
  const vault = openVault({
    paths,
    environment,
    clock,
    settings: chosenVaultSettings(options.globals, environment, settings, options.cwd),
    prompter,
    notify: () => {},
    keyHolder: handedOn(
      vaultKeys,
      lazyKeyHolder(async () => agent, paths),
    ),
  });
  const flights = new AgentFlights(agent, {
    terminal: null,
    leases: paths.leases,
    patience: 'hook',
    byClock: true,
  });
  try {
    const run = { vault, prompter, clock, locks: paths.locks, flights, surroundings };
    return await credentialsFor(plan, { ...run, ...wish });
  } catch (error) {
    if (error instanceof UnderWay) throw new PersonNeededError('another terminal is asked for this session');
    throw error;
  } finally {
    agent?.close();
  }
}

function lifetimeOf({ steps }: Plan): number {
  const last = steps.at(-1);
  return last !== undefined && 'duration' in last ? last.duration.seconds : 3600;
}

function handedOn(keys: Orders['vaultKeys'], otherwise: KeyHolder): KeyHolder {
  return {
    held: async (folder) => {
      const key = keys[folder];
      return key === undefined ? otherwise.held(folder) : Buffer.from(key, 'base64url');
    },
    hold: otherwise.hold,
  };
}
