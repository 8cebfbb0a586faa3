import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatReply, waitingReply } from '../../../src/shell/index.ts';
import { type AgentSandbox, agentSandbox } from '../../support/agent-sandbox.ts';
import { type Switch, switchingShells } from '../../support/switching-shells.ts';

/** The full test takes minutes and both cores: `npm run test:long`. */
const { TEST_CROWD } = process.env;

/** The projects `dev` and `other`, which need no code. */
async function twoProjects(): Promise<AgentSandbox> {
  const it = await agentSandbox();
  const config = join(it.sandbox.home, '.aws/config');
  const dev = /\[profile dev\]\n(?:.+\n)+/.exec(readFileSync(config, 'utf8'))?.[0] ?? '';
  appendFileSync(config, `\n${dev.replace('profile dev', 'profile other')}`);
  mkdirSync(join(it.sandbox.home, 'projects/other'));
  writeFileSync(join(it.sandbox.home, 'projects/other/.awsprofile'), 'other\n');
  for (const project of ['dev', 'other']) {
    await it.awsh(['allow', join(it.sandbox.home, 'projects', project)]);
    await it.loadCold(join(it.sandbox.home, 'projects', project));
  }
  return it;
}

async function whileKilled(it: AgentSandbox, shells: { count: number; seconds: number }): Promise<Switch[]> {
  const timer = setInterval(() => it.killAgent(), 4000);
  try {
    return await switchingShells(it, ['dev', 'other'], shells);
  } finally {
    clearInterval(timer);
  }
}

/**
 * The number of launchers of this home that wait for a load: they have opened the pipe to which
 * nothing writes.
 */
function waitingLaunchers(home: string): number {
  const isWaiting = (pid: string) => {
    try {
      readlinkSync(`/proc/${pid}/fd/8`);
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`HOME=${home}\0`);
    } catch {
      return false;
    }
  };
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isWaiting(pid)).length;
}

describe('loads while the agent is gone', () => {
  it.skipIf(process.platform !== 'linux')('wait for another load, and are answered then', async () => {
    const { awsh, loadCold, paths, sandbox } = await agentSandbox();
    const dev = join(sandbox.home, 'projects/dev');
    await awsh(['allow', dev]);
    await awsh(['agent', 'start']);
    await loadCold(dev);
    // This process acts as the load that the others wait for.
    const gate = join(paths.leases, 'load');
    writeFileSync(gate, `${process.pid}\n`);
    const load = loadCold(dev);
    await expect.poll(() => waitingLaunchers(sandbox.home), { timeout: 20_000 }).toBe(1);
    rmSync(gate, { force: true });
    expect(await load).toMatch(/^- ok \d+ dev\n/);
  });

  it.each(['a process that has ended', ''])('do not wait if the gate names %j', async (holder) => {
    const { awsh, loadCold, paths, sandbox } = await agentSandbox();
    const dev = join(sandbox.home, 'projects/dev');
    await awsh(['allow', dev]);
    mkdirSync(paths.leases, { recursive: true, mode: 0o700 });
    writeFileSync(join(paths.leases, 'load'), holder === '' ? '' : `${spawnSync('true').pid}\n`);
    expect(await loadCold(dev)).toMatch(/^- ok \d+ dev\n/);
    expect(readdirSync(paths.leases)).toEqual([]);
  });
});

describe('a load that waited for another one as long as allowed', () => {
  /**
   * The answer of a load that first waits for this process. `change` is called as soon as it waits.
   */
  async function waitInVain(change: (gate: string) => void): Promise<string> {
    const { awsh, loadCold, paths, sandbox } = await agentSandbox();
    const dev = join(sandbox.home, 'projects/dev');
    await awsh(['allow', dev]);
    mkdirSync(paths.leases, { recursive: true, mode: 0o700 });
    const gate = join(paths.leases, 'load');
    writeFileSync(gate, `${process.pid}\n`);
    const load = loadCold(dev);
    await expect.poll(() => waitingLaunchers(sandbox.home), { timeout: 20_000 }).toBe(1);
    change(gate);
    return load;
  }

  it.skipIf(process.platform !== 'linux')('goes on in its place', async () => {
    expect(await waitInVain(() => {})).toMatch(/^- ok \d+ dev\n/);
  });

  it.skipIf(process.platform !== 'linux')('says so, if a third one has gone on already', async () => {
    const reply = await waitInVain((gate) => writeFileSync(gate, `${process.ppid}\n`));
    expect(reply).toBe(formatReply('-', { ...waitingReply(null), isShared: true }));
  });
});

describe('a load that asks an agent which was too slow for the hook', () => {
  it('is answered without Node', async () => {
    const { awsh, killAgent, loadCold, paths, sandbox } = await agentSandbox();
    const dev = join(sandbox.home, 'projects/dev');
    await awsh(['allow', dev]);
    await awsh(['agent', 'start']);
    expect(await loadCold(dev)).toMatch(/^- ok \d+ dev\n/);
    const node = join(sandbox.home, 'no-node');
    writeFileSync(node, '#!/bin/sh\necho not Node\n', { mode: 0o700 });
    writeFileSync(join(paths.state, 'node'), `${node}\n`);
    expect(await loadCold(dev)).toMatch(/^- ok \d+ dev\n/);
    killAgent();
    expect(await loadCold(dev)).toBe('not Node\n');
  });
});

describe.runIf(TEST_CROWD)('fifty shells whose agent is killed every four seconds', () => {
  it('switch in less than five seconds each', { timeout: 300_000 }, async () => {
    const count = Number(TEST_CROWD);
    const switches = await whileKilled(await twoProjects(), { count, seconds: 60 });
    const slow = switches.filter(({ seconds }) => seconds > 5);
    const other = switches.filter(({ project, segment }) => segment !== project);
    const longest = Math.max(...switches.map(({ seconds }) => seconds));
    console.log(
      `${count} shells: ${slow.length} of ${switches.length} switches over 5 s; longest ${longest.toFixed(2)} s; ` +
        `${other.length} not loaded at once (${[...new Set(other.map(({ segment }) => segment))].join(', ')})`,
    );
    expect(slow).toEqual([]);
  });
});
