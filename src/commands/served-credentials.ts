// The credentials that a server of awsh gives. The agent or the vault renews them, and each access
// key is logged.
import { AgentFlights, AgentLink, UnderWay } from '../agent/index.ts';
import { type Context, chosenVaultSettings, lazyKeyHolder } from '../cli/index.ts';
import { silentPrompter } from '../prompt/index.ts';
import { grantOf, recordGrant } from '../record/index.ts';
import { RenewingCredentials, type ServerOrders } from '../serving/index.ts';
import { credentialsFor, type Plan, type SessionRun } from '../sessions/index.ts';
import { type Credentials, PersonNeededError } from '../system/index.ts';
import { type KeyHolder, openVault } from '../vault/index.ts';
import type { VaultChoice } from './server-start.ts';

type Orders = ServerOrders<VaultChoice>;

/** Logs each access key before it is given for the first time. */
export function recordEachKey(
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

export function renewingCredentials(context: Context, orders: Orders): RenewingCredentials {
  const { plan, first } = orders;
  const renewal = {
    early: (minTtlSeconds: number) => obtain(context, orders, { minTtlSeconds }),
    anew: () => obtain(context, orders, { minTtlSeconds: 30, refresh: true }),
  };
  return new RenewingCredentials(renewal, context.clock, first, lifetimeOf(plan));
}

/**
 * One renewal. It connects to the agent again each time: hours pass between two renewals, and the
 * agent may be another process.
 */
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
    if (error instanceof UnderWay)
      throw new PersonNeededError('the question for this session is open on another terminal');
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
