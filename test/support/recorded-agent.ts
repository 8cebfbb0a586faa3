import * as net from 'node:net';
import { onTestFinished } from 'vitest';
import { readState, writeState } from '../../src/agent/state-file.ts';
import type { AppPaths } from '../../src/system/index.ts';

/**
 * Records the traffic between clients and the running agent: the state file leads them through a
 * relay.
 */
export async function recordAgent(paths: AppPaths): Promise<() => string> {
  const state = readState(paths);
  if (state === null) throw new Error('no agent runs');
  const said: string[] = [];
  const server = net.createServer((client) => {
    const agent = net.connect(state.port, '127.0.0.1');
    for (const [from, to] of [
      [client, agent],
      [agent, client],
    ] as const) {
      from.on('data', (chunk) => said.push(chunk.toString('latin1')));
      from.on('error', () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  writeState(paths, { ...state, port: (server.address() as net.AddressInfo).port });
  return () => said.join('');
}
