// The server of a grant (`awsh serve`): gives credentials on a unix socket until its time is over,
// it is revoked, or awsh is locked.
import { chmodSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../cli/index.ts';
import {
  claimGrant,
  endConnection,
  type GrantOrders,
  grantFiles,
  removeGrant,
  type ServerOrders,
  startSocketServer,
  writeGrantToken,
} from '../serving/index.ts';
import { isLocked, isRunning, watchedProcess } from '../system/index.ts';
import { recordEachKey, renewingCredentials } from './served-credentials.ts';
import type { VaultChoice } from './server-start.ts';

const lookMs = 1000;

export async function serveGrant(context: Context, orders: ServerOrders<VaultChoice>): Promise<number> {
  const { grant, token } = orders;
  const server = watchedProcess(process.pid);
  if (grant === null || server === null) throw new ReferenceError('a grant has orders and a process');
  let ended = false;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => (ended = true));
  const { connection } = grant;
  const isEnded = () => ended || (connection !== null && !isRunning(connection.client));
  const holds = whileGranted(context, grant, isEnded);
  const recorded = recordEachKey(context, orders);
  const renewing = renewingCredentials(context, orders);
  const { socket, token: tokenFile } = grantFiles(grant.folder);
  claimGrant({ ...grant, server });
  try {
    // Left by a server that was killed.
    rmSync(socket, { force: true });
    // No other user can open the socket, from its first moment.
    const umask = process.umask(0o177);
    const listening = await startSocketServer(
      {
        token,
        holds,
        clock: context.clock,
        credentials: async () => recorded(orders.plan, await renewing.get()),
      },
      socket,
    ).finally(() => process.umask(umask));
    chmodSync(socket, 0o600);
    writeGrantToken(grant.folder, token);
    await context.output.print('ready\n');
    while (holds()) await sleep(lookMs);
    listening.closeAllConnections();
    listening.close();
  } finally {
    rmSync(socket, { force: true });
    rmSync(tokenFile, { force: true });
    // The record stays until then, for the next command in case that this process is killed.
    if (connection !== null) endConnection(grant.folder, connection);
    removeGrant(grant);
  }
  return 0;
}

/**
 * Checks two clocks and uses the stricter one: neither sleep nor setting the clock back extends the
 * time. Once it is false it stays false. `ends` is infinite if only `isEnded` and a lock end it.
 */
export function whileGranted(
  { paths, clock }: Pick<Context, 'paths' | 'clock'>,
  { ends }: Pick<GrantOrders, 'ends'>,
  isEnded: () => boolean,
): () => boolean {
  const [begun, lasts] = [performance.now(), ends - clock.now()];
  let holds = true;
  return () => {
    const isOver = clock.now() >= ends || performance.now() - begun >= lasts;
    holds &&= !isOver && !isEnded() && !isLocked(paths);
    return holds;
  };
}
