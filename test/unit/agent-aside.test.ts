import { spawn } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AsideWatch } from '../../src/agent/aside-watch.ts';
import { newToken, stateFile, writeState } from '../../src/agent/state-file.ts';
import { procFields } from '../../src/system/index.ts';
import { temporaryHome } from '../support/temporary-home.ts';

/** A process with this name, which the state file that was set aside names. */
async function setAside(program: string) {
  const home = temporaryHome();
  const paths = { runtime: join(home.path, 'run/awsh') };
  const file = home.write(program, 'setInterval(() => {}, 1000); process.stdout.write("runs");');
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  mkdirSync(paths.runtime, { mode: 0o700 });
  const [token, proof] = [newToken(), newToken()];
  writeState(paths, { port: 1, pid: child.pid ?? 0, version: '1.0.0', token, proof });
  renameSync(stateFile(paths), `${stateFile(paths)}.aside`);
  const state = () => procFields(child.pid ?? 0)?.[0] ?? 'Z';
  return { child, state, watch: new AsideWatch(paths) };
}

async function stop({ child, state }: Awaited<ReturnType<typeof setAside>>): Promise<void> {
  child.kill('SIGSTOP');
  await expect.poll(state).toBe('T');
}

const looks = (watch: AsideWatch, count: number) => {
  for (let look = 0; look < count; look++) watch.look();
};

describe.runIf(process.platform === 'linux')('an agent that was set aside', () => {
  it('is killed if it stays stopped', async () => {
    const aside = await setAside('package/dist/agent.mjs');
    await stop(aside);
    looks(aside.watch, 4);
    expect(aside.state()).toBe('T');
    looks(aside.watch, 1);
    await expect.poll(aside.state).toMatch(/[ZX]/);
  });

  it('is not killed if it resumes in time', async () => {
    const aside = await setAside('package/dist/agent.mjs');
    await stop(aside);
    looks(aside.watch, 4);
    aside.child.kill('SIGCONT');
    await expect.poll(aside.state).not.toBe('T');
    looks(aside.watch, 1);
    await stop(aside);
    looks(aside.watch, 4);
    expect(aside.state()).toBe('T');
  });

  it('is never another program of the same number', async () => {
    const aside = await setAside('editor.mjs');
    await stop(aside);
    looks(aside.watch, 9);
    expect(aside.state()).toBe('T');
  });
});
