import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { askAgent, readState } from '../../src/agent/index.ts';
import { agentSandbox } from '../support/agent-sandbox.ts';
import { runInstalled } from '../support/run-awsh.ts';
import { packageFolder } from '../support/sandbox-shell.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { openShell, type ShellName } from '../support/terminal.ts';

const own: string = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')).version;
const [major = '', minor = '', patch = ''] = own.split('.');
const nextPatch = [major, minor, Number(patch) + 7].join('.');
const nextMinor = [major, Number(minor) + 1, 0].join('.');

/** The installed package, with another version number. */
function installed(version: string): string {
  const folder = join(temporaryHome().path, `awsh-${version}`);
  for (const name of ['bin', 'shell', 'completions', 'dist', 'package.json', 'node_modules'])
    cpSync(join(packageFolder, name), join(folder, name), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.includes('/node_modules/') || /\/node_modules\/(keytar|@github)/.test(path),
    });
  const file = join(folder, 'package.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"version": "[^"]*"/, `"version": "${version}"`));
  return folder;
}

/** An agent of this checkout's version runs and has a session of dev. */
async function olderAgent() {
  const place = await agentSandbox();
  await place.awsh(['allow', join(place.sandbox.home, 'projects/dev')]);
  await place.awsh(['agent', 'start']);
  await place.awsh(['exec', 'dev', '--', 'true']);
  const version = () => readState(place.paths)?.version;
  const sessions = async () =>
    ((await askAgent(place.paths, 'status'))?.lines ?? []).filter(([word]) => word === 'session').length;
  expect([version(), await sessions()]).toEqual([own, 1]);
  const calls = place.sandbox.emulator.actions.length;
  return { ...place, version, sessions, calls };
}

describe('the first command of a newer awsh', () => {
  it.each([
    ['CLI', ['list']],
    ['launcher, exec', ['exec', 'dev', '--', 'true']],
    ['launcher, export', ['export', 'dev']],
    ['agent start', ['agent', 'start']],
  ])('%s: replaces the older agent, which hands its sessions over', async (_, words) => {
    const { environment, version, sessions, calls, sandbox } = await olderAgent();
    const newer = join(installed(nextPatch), 'bin/awsh');
    expect(await runInstalled(words, environment, '', newer)).toMatchObject({ status: 0 });
    await expect.poll(version, { timeout: 100_000 }).toBe(nextPatch);
    await expect.poll(sessions, { timeout: 100_000 }).toBe(1);
    expect(sandbox.emulator.actions).toHaveLength(calls);
  });

  it('replaces an agent that was started before the same version was installed again', async () => {
    const { environment, paths, sessions, calls, sandbox } = await olderAgent();
    const before = readState(paths)?.pid;
    const again = join(installed(own), 'bin/awsh');
    const { out } = await runInstalled(['doctor', '--offline'], environment, '', again);
    expect(out).toContain('! the agent was started before awsh was installed again');
    await expect.poll(() => readState(paths)?.pid, { timeout: 100_000 }).not.toBe(before);
    await expect.poll(sessions, { timeout: 100_000 }).toBe(1);
    const now = readState(paths)?.pid;
    expect(await runInstalled(['agent', 'start'], environment, '', again)).toMatchObject({ status: 0 });
    expect(readState(paths)?.pid).toBe(now);
    expect(sandbox.emulator.actions).toHaveLength(calls);
  });

  it('is followed by older ones that leave the newer agent alone and use it', async () => {
    const { environment, version, awsh, sandbox, calls } = await olderAgent();
    await runInstalled(['agent', 'start'], environment, '', join(installed(nextMinor), 'bin/awsh'));
    await expect.poll(version, { timeout: 100_000 }).toBe(nextMinor);
    expect(await awsh(['list'])).toMatchObject({ status: 0 });
    expect(await awsh(['exec', 'dev', '--', 'true'])).toMatchObject({ status: 0 });
    expect(version()).toBe(nextMinor);
    expect(sandbox.emulator.actions).toHaveLength(calls);
    const { out } = await awsh(['agent', 'status']);
    expect(out.match(/version (\d+\.\d+\.\d+)/g)).toEqual([`version ${nextMinor}`, `version ${own}`]);
  });
});

describe.each<ShellName>(['bash', 'zsh', 'fish'])('the hook of a newer awsh in %s', (name) => {
  it('replaces the older agent at the first directory that loads', async () => {
    const { environment, version, sandbox, calls } = await olderAgent();
    const folder = installed(nextPatch);
    const shell = await openShell(name, {
      home: { ...temporaryHome(), path: sandbox.home, environment },
      environment,
      rc: `source ${folder}/shell/awsh.${name}`,
    });
    await shell.run(`cd ${sandbox.home}/projects/dev`);
    expect((await shell.run('echo is $AWSH_PROFILE')).shown).toContain('is dev');
    await expect.poll(version, { timeout: 100_000 }).toBe(nextPatch);
    expect(sandbox.emulator.actions).toHaveLength(calls);
  });
});
