import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { itWithAnotherUser, startStranger } from '../../support/another-user.ts';
import { filesBelow } from '../../support/canaries.ts';
import { runInstalled } from '../../support/run-awsh.ts';
import { sandboxEnvironment } from '../../support/sandbox-shell.ts';
import { shortLivedSandbox } from '../../support/served-command.ts';

/** Another user's program that tries to read these paths, and prints what it could read. */
const reading = `
  for (const path of JSON.parse(process.argv[1])) {
    try { require('node:fs').readFileSync(path); console.log(path); } catch {}
  }
  console.log('done');`;

function processesOf(home: string): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return readFileSync(`/proc/${name}/environ`, 'latin1').split('\0').includes(`HOME=${home}`);
    } catch {
      return false;
    }
  });
}

itWithAnotherUser(
  'another user reads no file of awsh, and of its processes nothing but their command lines',
  { timeout: 120_000 },
  async () => {
    const sandbox = await shortLivedSandbox(3600);
    const environment: Record<string, string> = { ...sandboxEnvironment(sandbox), AWSH_AGENT: '' };
    onTestFinished(() => {
      for (const pid of processesOf(sandbox.home)) process.kill(Number(pid), 'SIGKILL');
    });
    // awsh's own modes must keep others out, not those of a folder above.
    for (const folder of [sandbox.home, dirname(sandbox.home)]) chmodSync(folder, 0o755);
    const look = async () => {
      const processes = processesOf(sandbox.home);
      const own = filesBelow(sandbox.home).filter((file) => /\/awsh\//.test(file));
      const parts = ['environ', 'maps', 'mem', 'fd/0', 'cwd/x', 'auxv', 'cmdline'];
      const paths = [...own, ...processes.flatMap((pid) => parts.map((part) => `/proc/${pid}/${part}`))];
      const read = (await startStranger(reading, JSON.stringify(paths)).end()).trim().split('\n');
      return { processes, own, read };
    };
    expect((await runInstalled(['export', 'dev'], environment)).status).toBe(0);
    const served = runInstalled(['exec', '--server', 'dev', '--', 'sleep', '3'], environment);
    await expect.poll(() => processesOf(sandbox.home).length, { timeout: 60_000 }).toBeGreaterThan(3);
    const { processes, own, read } = await look();
    await served;
    // The agent, the server, the process that keeps its port, and the command.
    expect(processes.length).toBeGreaterThan(3);
    expect(own.length).toBeGreaterThan(5);
    expect(read.at(-1)).toBe('done');
    expect(read.slice(0, -1).filter((path) => !/^\/proc\/\d+\/cmdline$/.test(path))).toEqual([]);
    expect(read.length).toBeGreaterThan(3);
    // The modes of the files alone must be enough if the folders are open.
    for (const file of own)
      for (let folder = dirname(file); folder !== sandbox.home; folder = dirname(folder))
        chmodSync(folder, 0o755);
    expect((await look()).read.filter((path) => own.includes(path))).toEqual([]);
  },
);
