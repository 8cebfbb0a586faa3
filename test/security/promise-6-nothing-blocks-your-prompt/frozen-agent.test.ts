import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readState, stateFile } from '../../../src/agent/index.ts';
import { ensurePrivateDirectory, isAlive, writeFileAtomic } from '../../../src/system/index.ts';
import { agentSandbox } from '../../support/agent-sandbox.ts';
import { openCrowd } from '../../support/crowd.ts';
import { fakeAgent } from '../../support/fake-agent.ts';

describe('an agent that takes connections and never answers', () => {
  it('is connected to by the first command alone', async () => {
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

describe('an agent that was stopped', () => {
  it('is replaced, and leaves its sessions to the next one when it goes on', async () => {
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
