import { readFileSync } from 'node:fs';
import * as net from 'node:net';
import { expect, it } from 'vitest';
import { askAgent, connectAgent, readState } from '../../../src/agent/index.ts';
import { rawAnswer, runtimeOf } from '../../support/agent.ts';
import { agentPackage, reachable, spawnAgent } from '../../support/agent-process.ts';
import { type TemporaryHome, temporaryHome } from '../../support/temporary-home.ts';

async function spawned(home: TemporaryHome) {
  const agent = spawnAgent(home, agentPackage(home));
  const state = await reachable(home, agent.pid);
  const fixed = Object.entries(home.environment).map(([name, value]) => `env ${name} ${value}`);
  const load = [`${state.token.reveal()} load 1`, `cwd ${home.path}`, ...fixed, 'end', ''].join('\n');
  return { agent, state, load };
}

const residentMegabytes = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

it('the agent answers two hundred shells at once', async () => {
  const { state, load } = await spawned(temporaryHome());
  const answers = await Promise.all(Array.from({ length: 200 }, () => rawAnswer(state.port, [load])));
  expect(new Set(answers)).toEqual(new Set([`${state.proof.reveal()} none 0 -\nend\n`]));
});

it('the agent answers while four hundred clients are silent', async () => {
  const { state, load } = await spawned(temporaryHome());
  const silent = Array.from({ length: 400 }, () =>
    net.connect(state.port, '127.0.0.1').on('error', () => {}),
  );
  expect(await rawAnswer(state.port, [load])).toContain(' none 0 -');
  for (const socket of silent) socket.destroy();
});

it('the agent recovers after clients that disconnect at every point', async () => {
  const { state, load } = await spawned(temporaryHome());
  for (let length = 0; length < load.length; length += 7) {
    await new Promise<void>((resolve) => {
      const socket = net.connect(state.port, '127.0.0.1', () => {
        socket.write(load.slice(0, length), () => socket.resetAndDestroy());
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve());
    });
  }
  expect(await rawAnswer(state.port, [load])).toContain(' none 0 -');
});

/** 100,000 in `npm run test:long`, which take a minute. */
const requests = Number(process.env.TEST_REQUESTS ?? 20_000);

it.skipIf(process.platform !== 'linux')(
  `does not grow over ${requests} requests, and stays below 70 MB`,
  async () => {
    const home = temporaryHome();
    const { agent, state, load } = await spawned(home);
    const overOwnConnections = async (count: number) => {
      for (let left = count; left > 0; left -= 20) {
        await Promise.all(Array.from({ length: 20 }, () => rawAnswer(state.port, [load])));
      }
    };
    const overOneConnection = async (count: number) => {
      const connection = await connectAgent(runtimeOf(home), 5000);
      const lines = [
        ['cwd', home.path],
        ...Object.entries(home.environment).map(([name, value]) => ['env', `${name} ${value}`]),
      ];
      for (let left = count; left > 0; left -= 1) {
        expect(await connection?.ask('load', lines as [string, string][], 5000)).toMatchObject({
          status: 'none',
        });
      }
      connection?.close();
    };
    await Promise.all([overOwnConnections(requests * 0.05), overOneConnection(requests * 0.05)]);
    const growthOverAll = async () => {
      const before = residentMegabytes(agent.pid);
      await Promise.all([
        overOwnConnections(requests * 0.1),
        overOneConnection(requests * 0.4),
        overOneConnection(requests * 0.4),
      ]);
      return residentMegabytes(agent.pid) - before;
    };
    // The heap may grow to its working size in the first round. A leak grows in each round.
    const growth = await growthOverAll();
    if (growth >= 5) expect(await growthOverAll()).toBeLessThan(5);
    expect(residentMegabytes(agent.pid)).toBeLessThan(70);
  },
  120_000,
);

it('an agent that does not answer is set aside by its first client, and is found again', async () => {
  const home = temporaryHome();
  const { agent } = await spawned(home);
  agent.kill('SIGSTOP');
  expect(await askAgent(runtimeOf(home), 'status')).toBeNull();
  // It was set aside, so no other process waits for it.
  expect(readState(runtimeOf(home))).toBeNull();
  agent.kill('SIGCONT');
  expect((await reachable(home)).pid).toBe(agent.pid);
});
