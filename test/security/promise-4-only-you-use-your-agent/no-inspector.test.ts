import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import * as net from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSandbox } from '../../../src/demo/index.ts';
import { packageFolder } from '../../support/run-awsh.ts';
import { sandboxEnvironment, storeKey } from '../../support/sandbox-shell.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

/** A home whose AWS takes a call and never answers it, so that a command waits. */
async function homeThatWaits() {
  const sandbox = await createSandbox(join(temporaryHome().path, 'home'));
  onTestFinished(() => sandbox.close());
  await storeKey(sandbox);
  let called = 0;
  const silent = net.createServer((socket) => {
    called += 1;
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void silent.close());
  const config = join(sandbox.home, '.aws/config');
  const { port } = silent.address() as net.AddressInfo;
  const text = readFileSync(config, 'utf8').replaceAll(sandbox.emulator.url, `http://127.0.0.1:${port}`);
  writeFileSync(config, text);
  const environment: Record<string, string> = { ...sandboxEnvironment(sandbox), AWSH_AGENT: 'off' };
  return { home: sandbox.home, environment, called: () => called };
}

/** Our Node processes that were started with this home. */
function nodesOf(home: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
      return environment.includes(`HOME=${home}`) && readlinkSync(`/proc/${pid}/exe`).endsWith('/node');
    } catch {
      return false;
    }
  });
}

/** How many ports a process listens on. */
function listeningPorts(pid: string): number {
  const sockets = readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
    } catch {
      return undefined;
    }
  });
  const listening = ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A')
      .map((fields) => fields[9]),
  );
  return sockets.filter((inode) => inode !== undefined && listening.includes(inode)).length;
}

describe.skipIf(process.platform !== 'linux')('a command of awsh that waits for AWS', () => {
  it.each([
    ['export', 'dev'],
    ['exec', 'dev', '--', 'true'],
    ['rotate', 'demo'],
  ])('opens no inspector on SIGUSR1, nor by NODE_OPTIONS: %s %s', async (...words) => {
    const { home, environment, called } = await homeThatWaits();
    const child = spawn(join(packageFolder, 'bin/awsh'), words, {
      env: { ...environment, NODE_OPTIONS: '--inspect=127.0.0.1:0' },
      cwd: home,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    await expect.poll(called, { timeout: 100_000 }).toBeGreaterThan(0);
    const nodes = nodesOf(home);
    expect(nodes).toHaveLength(1);
    for (const pid of nodes) {
      expect(listeningPorts(pid)).toBe(0);
      process.kill(Number(pid), 'SIGUSR1');
      await sleep(300);
      expect(listeningPorts(pid)).toBe(0);
    }
  });
});
