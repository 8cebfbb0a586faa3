import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { endAgent, readState, stateFile } from '../../../src/agent/index.ts';
import {
  ensurePrivateDirectory,
  isAlive,
  watchedProcess,
  writeFileAtomic,
} from '../../../src/system/index.ts';
import { runtimeOf } from '../../support/agent.ts';
import { agentPackage, reachable, spawnAgent } from '../../support/agent-process.ts';
import { agentSandbox } from '../../support/agent-sandbox.ts';
import { openCrowd } from '../../support/crowd.ts';
import { fakeAgent } from '../../support/fake-agent.ts';
import { run } from '../../support/launcher.ts';
import { packageFolder } from '../../support/run-awsh.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

describe('an agent that accepts connections and never answers', () => {
  it('delays only the first command', async () => {
    const { awsh, paths, sandbox, loadCold } = await agentSandbox();
    const dev = join(sandbox.home, 'projects/dev');
    await awsh(['allow', dev]);
    const write = (_: string, text: string) => {
      ensurePrivateDirectory(paths.runtime);
      writeFileAtomic(stateFile(paths), text);
      return stateFile(paths);
    };
    const silent = await fakeAgent({ write }, () => {});
    expect((await awsh(['export', 'dev', '--format', 'env'])).out).toContain('ASIA');
    // The launcher and Node.
    expect(silent.heard).toHaveLength(2);
    for (const words of [['export', 'dev', '--format', 'env'], ['list'], ['agent', 'status']])
      await awsh(words);
    expect(await loadCold(dev)).toMatch(/^- ok \d+ dev\n/);
    expect(silent.heard).toHaveLength(2);
  });
});

describe('a load that asks the agent once more', () => {
  it.each(['HTTPS_PROXY', 'https_proxy'])('tells it nothing of a password in %s', async (variable) => {
    const { awsh, loadCold, paths, sandbox } = await agentSandbox();
    const dev = join(sandbox.home, 'projects/dev');
    await awsh(['allow', dev]);
    const write = (_: string, text: string) => {
      ensurePrivateDirectory(paths.runtime);
      ensurePrivateDirectory(paths.leases);
      writeFileAtomic(stateFile(paths), text);
      return stateFile(paths);
    };
    const silent = await fakeAgent({ write }, () => {});
    await loadCold(dev, [`env ${variable} http://me:pass@127.0.0.1:9`]);
    expect(silent.heard.join('')).toContain(' hello 1\n');
    expect(silent.heard.join('')).not.toContain('pass@');
  });
});

describe('an agent that was stopped', () => {
  it.skipIf(process.platform !== 'linux')('is not waited for before a prompt', async () => {
    const home = temporaryHome();
    const agent = spawnAgent(home, agentPackage(home, '999.0.0'));
    await reachable(home, agent.pid);
    const state = join(home.environment.XDG_RUNTIME_DIR ?? '', 'awsh/agent');
    // Otherwise it would wait for an hour.
    const ask = () =>
      run('/bin/bash', ['-p', join(packageFolder, 'shell/awsh-ask.bash'), state, '3600'], {
        ...home.environment,
        AWSH_REQUEST: `- load 1\ncwd ${home.path}\nenv HOME ${home.path}\nend`,
      });
    expect(ask()).toMatchObject({ status: 0, out: expect.stringMatching(/^- none /) });
    agent.kill('SIGSTOP');
    expect(ask()).toMatchObject({ status: 2, out: '' });
  });

  it.skipIf(process.platform !== 'linux')(
    'is ended by lock although a newer one took its place',
    async () => {
      const home = temporaryHome();
      const stopped = spawnAgent(home, agentPackage(home, '1.0.0'));
      await reachable(home, stopped.pid);
      stopped.kill('SIGSTOP');
      const newer = spawnAgent(home, agentPackage(home, '1.1.0'));
      await reachable(home, newer.pid);
      expect(await endAgent(runtimeOf(home), 'lock')).toMatchObject({ told: true, killed: [stopped.pid] });
      await expect.poll(() => isAlive(stopped.pid)).toBe(false);
    },
  );

  it('is replaced, and gives its sessions to the next one when it resumes', async () => {
    const { awsh, sandbox, loadCold, signalAgent, paths } = await openCrowd('on');
    const dev = join(sandbox.home, 'projects/dev');
    await awsh(['allow', dev]);
    const first = await loadCold(dev);
    const stopped = signalAgent('SIGSTOP');
    expect(await loadCold(dev)).toBe(first);
    await expect.poll(() => readState(paths)?.pid ?? stopped, { timeout: 15_000 }).not.toBe(stopped);
    process.kill(stopped, 'SIGCONT');
    await expect.poll(() => isAlive(stopped), { timeout: 15_000 }).toBe(false);
    expect((await awsh(['agent', 'status'])).out).toContain('dev');
    expect(sandbox.emulator.actions.filter((action) => action === 'AssumeRole')).toHaveLength(1);
  });
});

/** A home for many shells whose agent holds dev's session and was stopped. */
async function stoppedAgent() {
  const crowd = await openCrowd('on');
  const dev = join(crowd.sandbox.home, 'projects/dev');
  await crowd.awsh(['allow', dev]);
  expect(await crowd.loadCold(dev)).toMatch(/^- ok /);
  return { ...crowd, dev, stopped: crowd.signalAgent('SIGSTOP') };
}

describe('awsh and an agent that was stopped', () => {
  it('is distinguished from none by `agent status`, and killed by `agent stop`', async () => {
    const { awsh, stopped } = await stoppedAgent();
    const refusal = `awsh: the agent (process ${stopped}) does not answer\n`;
    for (const words of ['status', 'status']) {
      const status = await awsh(['agent', words]);
      expect(status).toMatchObject({ status: 1, err: expect.stringContaining(refusal) });
      expect(status.err).toMatch(/\n {2}next: awsh agent stop\n$/);
    }
    const killed = `awsh: the agent (process ${stopped}) did not answer and was killed\n`;
    expect(await awsh(['agent', 'stop'])).toMatchObject({ status: 0, err: killed });
    expect(watchedProcess(stopped)).toBe(null);
    expect((await awsh(['agent', 'stop'])).err).toBe('awsh: no agent is running\n');
  });

  it.each(['first', 'after a command has set it aside'])('does not outlive `lock`, %s', async (when) => {
    const { awsh, dev, loadCold, stopped } = await stoppedAgent();
    if (when !== 'first') expect(await loadCold(dev)).toMatch(/^- ok /);
    expect(await awsh(['lock'])).toMatchObject({ status: 0 });
    expect(watchedProcess(stopped)).toBe(null);
  });

  it('is not remembered in addition to a second one', async () => {
    const { awsh, dev, loadCold, paths, signalAgent, stopped } = await stoppedAgent();
    expect(await loadCold(dev)).toMatch(/^- ok /);
    await expect.poll(() => readState(paths)?.pid ?? stopped, { timeout: 15_000 }).not.toBe(stopped);
    const second = signalAgent('SIGSTOP');
    expect(await loadCold(dev)).toMatch(/^- ok /);
    await expect.poll(() => watchedProcess(stopped), { timeout: 15_000 }).toBe(null);
    expect(await awsh(['lock'])).toMatchObject({ status: 0 });
    expect(watchedProcess(second)).toBe(null);
  });
});
