import { setTimeout as sleep } from 'node:timers/promises';
import type { AppPaths } from '../system/index.ts';
import { connectAgent } from './client.ts';

/**
 * In milliseconds. Most roles are fetched in less; a shell whose session comes later gets it at a
 * later prompt.
 */
const longestMs = 5000;
const pauseMs = 100;

/**
 * After a sign-in: makes the agent fetch the sessions that shells wait for, and returns when they
 * are there. Without an agent the shells look by themselves.
 */
export async function fetchAwaitedSessions(paths: Pick<AppPaths, 'runtime'>): Promise<void> {
  const connection = await connectAgent(paths);
  const begun = performance.now();
  while (connection !== null && performance.now() - begun < longestMs) {
    const reply = await connection.ask('signed-in');
    if (reply === null || reply.number === 0) break;
    await sleep(pauseMs);
  }
  connection?.close();
}
