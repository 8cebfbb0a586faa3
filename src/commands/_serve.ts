import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { agentEnvironment } from '../agent/index.ts';
import type { Context } from '../cli/index.ts';
import {
  type ClosedOrders,
  failureText,
  isHeldByProcess,
  PortKeeper,
  parseOrders,
  type RenewingCredentials,
  type ServerOrders,
  startClosedServer,
  startContainerServer,
  tokenDigest,
} from '../serving/index.ts';
import { assumedPlan, type Plan } from '../sessions/index.ts';
import { AwshError, explained, isRunning, type WatchedProcess } from '../system/index.ts';
import { serveGrant, whileGranted } from './serve-grant.ts';
import { recordEachKey, renewingCredentials } from './served-credentials.ts';
import type { VaultChoice } from './server-start.ts';

type Orders = ServerOrders<VaultChoice>;

/**
 * In milliseconds: the interval of the check whether the command has ended, while there are no
 * requests.
 */
const lookMs = 1000;
/** More roles than any command changes to. */
const mostRoles = 100;

/**
 * `awsh _serve`: the server of one `exec --server`, or of a grant (`awsh serve`). Reads its orders
 * from stdin and prints its port on stdout. Then it gives credentials until the command has ended
 * or awsh is locked. It never asks the user. After a lock the process ends, with everything in its
 * memory; keep-port.bash then starts another one, which refuses all requests.
 */
export async function run(context: Context): Promise<number> {
  const orders = parseOrders<VaultChoice>(await text(process.stdin));
  if ('closedFor' in orders) return refuse(orders);
  const { command } = orders;
  try {
    return await (command === null ? serveGrant(context, orders) : serve(context, orders, command));
  } catch (error) {
    // Its stderr leads nowhere. If the server had started, nobody reads this.
    const known = explained(error);
    if (known !== null) await context.output.print(`${failureText(known)}\n`);
    throw error;
  }
}

async function refuse({ closedFor, tokenDigest }: ClosedOrders): Promise<number> {
  await startClosedServer();
  while (isRunning(closedFor) || isHeldByProcess(tokenDigest)) await sleep(lookMs);
  return 0;
}

async function serve(context: Context, orders: Orders, command: WatchedProcess): Promise<number> {
  const ends = orders.until === null ? Number.POSITIVE_INFINITY : orders.until * 1000;
  // Once it is false it stays false, even after `unlock`.
  const holds = whileGranted(context, { ends }, () => !isRunning(command));
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
  const digest = tokenDigest(token);
  const keeper = new PortKeeper({
    packageFolder: context.packageFolder,
    descriptor,
    command,
    tokenDigest: digest,
    environment: agentEnvironment(context.environment),
  });
  if (!(await keeper.ensure())) throw new AwshError('other', 'the port of exec --server cannot be kept');
  await context.output.print(`${port}\n`);
  while (holds()) {
    await sleep(lookMs);
    await keeper.ensure();
  }
  if (isRunning(command)) return 0;
  // Processes that the command has left running are answered with 403, so that no other user can
  // take over the port.
  while (isHeldByProcess(digest)) {
    await sleep(lookMs);
    await keeper.ensure();
  }
  await keeper.end();
  return 0;
}
