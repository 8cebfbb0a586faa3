import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runAgent } from '../../src/agent/agent.ts';
import { AgentLog } from '../../src/agent/agent-log.ts';
import { askAgent, readState } from '../../src/agent/index.ts';
import { sessionLines } from '../../src/agent/kept-session.ts';
import { appPaths, isLocked } from '../../src/system/index.ts';
import { runtimeOf, session } from '../support/agent.ts';
import { askAgent as askPatiently } from '../support/agent-process.ts';
import { handClocks } from '../support/hand-clocks.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';

const hour = 3_600_000;

/** An agent in this process, whose clocks the test sets and which checks them all the time. */
async function running(home: TemporaryHome) {
  const clocks = handClocks();
  const paths = appPaths(home.environment);
  const log = new AgentLog(paths, clocks);
  const over = runAgent({
    paths,
    version: '1.0.0',
    clocks,
    log,
    workerProgram: '/nonexistent/worker.mjs',
    idleMs: 12 * hour,
    lookMs: 10,
  });
  await expect.poll(() => askAgent(paths, 'hello')).not.toBeNull();
  return { clocks, paths, over, said: () => readFileSync(log.path, 'utf8') };
}

it.each(['pass', 'sleep'] as const)(
  'ends after twelve hours without a request, though they %s',
  async (how) => {
    const home = temporaryHome();
    const { clocks, over, said } = await running(home);
    clocks[how](11.9 * hour);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await askPatiently(home, 'status')).not.toBeNull();
    clocks[how](11.9 * hour);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await askPatiently(home, 'status')).not.toBeNull();
    clocks[how](12.1 * hour);
    await over;
    expect(said()).toContain('ended: idle');
    expect(readState(runtimeOf(home))).toBeNull();
  },
);

it('the agent locks after lock_after, which only the user’s activity postpones', async () => {
  const home = temporaryHome();
  home.write('.config/awsh/config', 'lock_after = 30m\n');
  const { clocks, paths, over, said } = await running(home);
  await askPatiently(home, 'put', sessionLines(session('abc')));
  clocks.pass(hour / 4);
  await askPatiently(home, 'lease', [['session', 'abc']]);
  for (let quarter = 0; quarter < 3; quarter += 1) {
    clocks.pass(hour / 8);
    await askPatiently(home, 'load', [
      ['cwd', '/'],
      ['renew', '1'],
    ]);
  }
  clocks.pass(hour / 4);
  await over;
  expect(isLocked(paths)).toBe(true);
  // The worker that would remove stored sessions is missing. The log reports that, and awsh is
  // locked all the same.
  expect(said()).toMatch(/locked, but stored sessions are left: .*\n.*ended: lock\n/);
});

it('the agent ends at once if another process creates the lock mark', async () => {
  const home = temporaryHome();
  const { over } = await running(home);
  home.write('.local/state/awsh/locked', '');
  await over;
});

it('the agent keeps its log small, and does not repeat lines', async () => {
  const home = temporaryHome();
  const log = new AgentLog(appPaths(home.environment), handClocks());
  for (let count = 0; count < 1000; count += 1) log.note('the same');
  expect(readFileSync(log.path, 'utf8').match(/\n/g)).toHaveLength(4);
  for (let count = 0; count < 20_000; count += 1) log.note(`line ${count} ${'x'.repeat(80)}\x1b[2J`);
  const size = (path: string) => readFileSync(path).length;
  expect(size(log.path) + size(`${log.path}.1`)).toBeLessThan(600 * 1024);
  expect(readFileSync(log.path, 'utf8')).not.toContain('\x1b');
});
