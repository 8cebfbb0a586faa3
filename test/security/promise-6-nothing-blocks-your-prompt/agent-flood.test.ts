import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { readState } from '../../../src/agent/index.ts';
import { rawAnswer } from '../../support/agent.ts';
import { agentPackage, reachable, spawnAgent } from '../../support/agent-process.ts';
import { type AgentSandbox, agentSandbox } from '../../support/agent-sandbox.ts';
import { itWithAnotherUser, startStranger } from '../../support/another-user.ts';
import { switchingShells } from '../../support/switching-shells.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

/** The prompts of a flooded machine take a minute, so they run in `npm run test:long`. */
const { TEST_CROWD } = process.env;

/**
 * Another user's program that keeps this number of connections open, half of them with an
 * incomplete request, and replaces each that closes.
 */
const flooding = `
  const net = require('node:net');
  const [port, count] = process.argv.slice(1).map(Number);
  let open = 0;
  const connect = (at) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      open += 1;
      if (at % 2) socket.write('f'.repeat(60));
    });
    socket.on('error', () => {});
    socket.on('close', () => setTimeout(connect, 10, at));
  };
  for (let at = 0; at < count; at += 1) connect(at);
  setInterval(() => { if (open >= count) { console.log('flooded'); open = -Infinity; } }, 20);`;

const residentMegabytes = (pid: number) =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

itWithAnotherUser(
  'the agent answers its own shells while another user floods it with 4,000 connections',
  { timeout: 300_000 },
  async () => {
    const home = temporaryHome();
    const agent = spawnAgent(home, agentPackage(home));
    const state = await reachable(home, agent.pid);
    const fixed = Object.entries(home.environment).map(([name, value]) => `env ${name} ${value}`);
    const load = [`${state.token.reveal()} load 1`, `cwd ${home.path}`, ...fixed, 'end', ''].join('\n');
    const stranger = startStranger(flooding, String(state.port), '4000');
    expect(await stranger.line()).toBe('flooded');
    const answers: string[] = [];
    for (let asked = 0; asked < 20; asked += 1) {
      answers.push(await rawAnswer(state.port, [load]));
      await sleep(100);
    }
    expect(answers.filter((answer) => answer.includes(' none 0 -'))).toHaveLength(20);
    expect(residentMegabytes(agent.pid)).toBeLessThan(100);
  },
);

/**
 * The longest time that any of these shells takes to change between a project and the folder of
 * projects, within ten seconds.
 */
async function longestSwitch(place: AgentSandbox, count: number): Promise<number> {
  const switches = await switchingShells(place, ['dev', 'empty'], { count, seconds: 10 });
  const longest = Math.max(...switches.map(({ seconds }) => seconds));
  console.log(`${count} shells: ${switches.length} switches, the longest ${longest.toFixed(2)} s`);
  return longest;
}

if (TEST_CROWD)
  itWithAnotherUser.each([1, 12])(
    'a flood by another user costs no switch of %d shells more than a second',
    { timeout: 300_000 },
    async (count) => {
      const place = await agentSandbox();
      const projects = join(place.sandbox.home, 'projects');
      mkdirSync(join(projects, 'empty'));
      await place.awsh(['allow', join(projects, 'dev')]);
      await place.awsh(['agent', 'start']);
      await place.loadCold(join(projects, 'dev'));
      const usual = await longestSwitch(place, count);
      const stranger = startStranger(flooding, String(readState(place.paths)?.port), '4000');
      expect(await stranger.line()).toBe('flooded');
      expect(await longestSwitch(place, count)).toBeLessThan(usual + 1);
    },
  );
