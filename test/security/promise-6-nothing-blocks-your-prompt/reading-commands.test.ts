import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAside, readState, stateFile } from '../../../src/agent/index.ts';
import { writeFileAtomic } from '../../../src/system/index.ts';
import { fakeAgent, stateLine } from '../../support/fake-agent.ts';
import { runBeside } from '../../support/launcher.ts';
import { type ReadingHome, readingHome, wentToNode } from '../../support/reading-home.ts';
import { packageFolder } from '../../support/run-awsh.ts';

const { version }: { version: string } = JSON.parse(
  readFileSync(join(packageFolder, 'package.json'), 'utf8'),
);

/** The state file is changed as it is by an agent. */
function replaceAgent({ paths }: ReadingHome, line: string): void {
  writeFileAtomic(stateFile(paths), line.replace(' 1.2.3 ', ` ${version} `));
}

describe('an agent that does not answer', { timeout: 300_000 }, () => {
  it('delays one list, which is printed by Node, and no further one', async () => {
    const home = await readingHome();
    const { out } = await home.inNode(['list']);
    const pid = readState(home.paths)?.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    try {
      expect(await home.awsh(['list'])).toEqual({ status: 0, out, err: '' });
      expect(readState(home.paths)).toBe(null);
      expect(readAside(home.paths)?.pid).toBe(pid);
      expect(await home.awsh(['status'])).toMatchObject({ status: 0, err: '' });
    } finally {
      process.kill(pid, 'SIGKILL');
    }
  });

  it('is asked by the launcher and Node once, and not by later commands', async () => {
    const home = await readingHome();
    home.killAgent();
    const silent = await fakeAgent({ write: () => '' }, () => {});
    replaceAgent(home, stateLine(silent));
    for (const words of [['list'], ['status'], ['prompt'], ['config', 'get', 'agent']])
      expect(await home.awsh(words)).toMatchObject({ status: 0 });
    expect(silent.heard.map((request) => request.split(' ')[1])).toEqual(['run', 'hello']);
  });

  it('has printed nothing if it ends within its answer', async () => {
    const home = await readingHome();
    const { out } = await home.inNode(['list']);
    home.killAgent();
    const dying = await fakeAgent({ write: () => '' }, async (socket, request, { proof }) => {
      await request;
      socket.write(`${proof} ran 0 awsh: told\nPROFILE\n`);
      setTimeout(() => socket.resetAndDestroy(), 50);
    });
    replaceAgent(home, stateLine(dying));
    expect(await home.awsh(['list'])).toEqual({ status: 0, out, err: '' });
  });
});

describe('a file that does not end', { timeout: 300_000 }, () => {
  it.each([
    ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
    ['an endless device', (path: string) => symlinkSync('/dev/zero', path)],
  ])('%s: is left to Node, and the agent goes on', async (_, make) => {
    const { paths, warm, awsh } = await readingHome();
    const aside = `${paths.awsConfig}.aside`;
    renameSync(paths.awsConfig, aside);
    make(paths.awsConfig);
    for (const words of [['list'], ['status'], ['sso', 'status']])
      expect(await warm(words)).toMatchObject({ out: '', err: wentToNode });
    rmSync(paths.awsConfig);
    renameSync(aside, paths.awsConfig);
    await awsh(['list']);
    expect(await warm(['list'])).toMatchObject({ status: 0, err: '' });
    expect((await awsh(['agent', 'status'])).status).toBe(0);
  });
});

describe('stdout that cannot be written', { timeout: 300_000 }, () => {
  const launcher = join(packageFolder, 'bin/awsh');

  it.each([
    ['is full', '>/dev/full'],
    ['is closed', '>&-'],
    ['has a reader that is gone', '| true; exit "${PIPESTATUS[0]}"'],
    ['has a reader of one line', '| head -1; exit "${PIPESTATUS[0]}"'],
    ['is joined with stderr', '2>&1'],
    ['is together with stderr closed', '>&- 2>&-'],
  ])('and %s: status and output are those of Node', async (_, to) => {
    const { environment, sandbox, paths, inNode } = await readingHome();
    // A line that awsh warns about.
    writeFileSync(paths.awsConfig, `${readFileSync(paths.awsConfig, 'utf8')}\n[profile odd]\n  odd\n`);
    await inNode(['list']);
    const run = (words: string, agent: string) =>
      runBeside(
        '/bin/bash',
        ['-c', `"$0" ${words} ${to}`, launcher],
        { ...environment, AWSH_AGENT: agent },
        { cwd: sandbox.home },
      );
    for (const words of ['list', 'status', 'config get backend'])
      expect(await run(words, ''), words).toEqual(await run(words, 'off'));
    expect(existsSync(stateFile(paths))).toBe(true);
  });
});
