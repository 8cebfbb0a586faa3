import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import * as net from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readState, startAgent } from '../../../src/agent/index.ts';
import { runWorker } from '../../../src/agent/run-worker.ts';
import { createSandbox } from '../../../src/demo/index.ts';
import { appPaths, closedInspector } from '../../../src/system/index.ts';
import { packageFolder } from '../../support/run-awsh.ts';
import { sandboxEnvironment, storeKey } from '../../support/sandbox-shell.ts';
import { shortLivedSandbox } from '../../support/served-command.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

/** A home whose AWS accepts a call and never answers it, so that a command waits. */
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
      return environment.includes(`HOME=${home}`) && isNode(pid);
    } catch {
      return false;
    }
  });
}

const isNode = (pid: string) => readlinkSync(`/proc/${pid}/exe`).endsWith('/node');

/** The number of ports that a process listens on. */
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

/**
 * Node catches SIGUSR1 before any of our code runs, and would open an inspector. Before Node does
 * so, the signal kills the process.
 */
function catchesSignal(pid: string): boolean {
  const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (BigInt(`0x${caught ?? 0}`) & 0x200n) !== 0n;
}

/**
 * A signal rarely arrives in a process's first moments, so the test checks the protection in each
 * process instead.
 */
function isOpenToInspectors(pid: string): boolean {
  // The system shows no command line for a zombie process.
  const line = commandLine(pid);
  if (line === '') return false;
  const names = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  const isOpen =
    !line.split('\0').includes(closedInspector) || names.some((line) => line.startsWith('NODE_OPTIONS='));
  // A child process is a copy of Node until it starts its program, whose command line this would be.
  return isOpen && isNode(pid);
}

const commandLine = (pid: string) => readFileSync(`/proc/${pid}/cmdline`, 'utf8');

const hasClosedAddress = (pid: string) => commandLine(pid).split('\0').includes(closedInspector);

/**
 * Sends SIGUSR1 to each Node process of this home as soon as it catches the signal, and again
 * before its end. Returns the highest number of ports of each.
 */
async function signalUntil(home: string, isDone: () => boolean): Promise<Map<string, number>> {
  const ports = new Map<string, number>();
  const open = new Set<string>();
  const look = (pid: string, isLast: boolean) => {
    try {
      if (isOpenToInspectors(pid)) open.add(pid);
      if (!catchesSignal(pid)) return;
      if (isLast || !ports.has(pid)) process.kill(Number(pid), 'SIGUSR1');
      ports.set(pid, Math.max(ports.get(pid) ?? 0, listeningPorts(pid)));
    } catch {
      // It has ended.
    }
  };
  const end = Date.now() + 100_000;
  while (!isDone() && Date.now() < end) {
    for (const pid of nodesOf(home)) look(pid, false);
    await sleep(5);
  }
  for (let left = 10; left > 0; left -= 1) {
    for (const pid of nodesOf(home)) look(pid, left === 10);
    await sleep(30);
  }
  expect([...open]).toEqual([]);
  return ports;
}

const inspecting = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

function start(words: readonly string[], home: string, environment: Record<string, string>) {
  const child = spawn(join(packageFolder, 'bin/awsh'), words, {
    env: { ...environment, ...inspecting },
    cwd: home,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

describe.skipIf(process.platform !== 'linux')(
  'SIGUSR1, from a process’s first moment on, and NODE_OPTIONS',
  () => {
    it('signals open no inspector in commands that wait for AWS', async () => {
      const { home, environment, called } = await homeThatWaits();
      const lines = ['export dev', 'exec dev -- true', 'rotate demo', 'login dev --stdout'];
      for (const line of lines) start(line.split(' '), home, environment);
      const ports = await signalUntil(home, () => called() >= lines.length);
      expect([...ports.values()]).toEqual([0, 0, 0, 0]);
    });

    it('signals open none in the server of exec --server, nor in the one that refuses after a lock', async () => {
      const sandbox = await shortLivedSandbox(3600);
      const environment: Record<string, string> = { ...sandboxEnvironment(sandbox), AWSH_AGENT: 'off' };
      const command = start(
        ['exec', '--server', 'dev', '--', 'sh', '-c', 'echo runs; cat'],
        sandbox.home,
        environment,
      );
      let runs = false;
      command.stdout.on('data', () => {
        runs = true;
      });
      await signalUntil(sandbox.home, () => runs);
      const [server = ''] = nodesOf(sandbox.home);
      expect(listeningPorts(server)).toBe(1);
      process.kill(Number(server), 'SIGKILL');
      const next = () => nodesOf(sandbox.home).find((pid) => pid !== server) ?? '';
      const ports = await signalUntil(sandbox.home, () => next() !== '' && listeningPorts(next()) > 0);
      expect(ports.get(next())).toBe(1);
    });

    it('signals open none in the agent, nor in a worker', async () => {
      const home = temporaryHome();
      const paths = appPaths(home.environment);
      startAgent({ paths, environment: { ...home.environment, ...inspecting }, packageFolder });
      await signalUntil(home.path, () => readState(paths) !== null);
      const pid = `${readState(paths)?.pid}`;
      expect(listeningPorts(pid)).toBe(1);
      process.kill(Number(pid), 'SIGKILL');
      // A program that does not handle signals, in place of the worker's program.
      const program = home.write('worker.mjs', `setTimeout(() => {}, 2000);`);
      const ended = runWorker(program, { ...home.environment, ...inspecting }, {} as never);
      const worker = () => nodesOf(home.path).find((other) => other !== pid) ?? '';
      await expect.poll(() => worker() !== '' && catchesSignal(worker()), { interval: 2 }).toBe(true);
      process.kill(Number(worker()), 'SIGUSR1');
      await sleep(500);
      expect(listeningPorts(worker())).toBe(0);
      // Its environment is the agent's.
      expect(hasClosedAddress(worker())).toBe(true);
      await ended;
    });
  },
);

/**
 * A program of the package without the launcher's option, which leaves only the listener for
 * SIGUSR1. Any open port could be an inspector.
 */
function startWithoutOption(program: string, environment: Record<string, string>, words: string[] = []) {
  const file = join(packageFolder, 'dist', program);
  const child = spawn(process.execPath, ['--inspect-port=127.0.0.1:0', file, ...words], {
    env: environment,
    cwd: environment.HOME,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let complaints = '';
  child.stderr.on('data', (text) => {
    complaints += text;
  });
  const signalled = async () => {
    const before = listeningPorts(`${child.pid}`);
    child.kill('SIGUSR1');
    await sleep(500);
    return { more: listeningPorts(`${child.pid}`) - before, complaints, isAlive: child.exitCode === null };
  };
  return { child, signalled };
}

describe.skipIf(process.platform !== 'linux')('keepInspectorShut', () => {
  const shut = { more: 0, complaints: '', isAlive: true };

  it('SIGUSR1 opens no inspector in a command', async () => {
    const { environment, called } = await homeThatWaits();
    const { signalled } = startWithoutOption('awsh.cjs', environment, ['export', 'dev', '--format', 'json']);
    await expect.poll(called, { timeout: 60_000 }).toBeGreaterThan(0);
    expect(await signalled()).toEqual(shut);
  });

  it('SIGUSR1 opens no inspector in the agent', async () => {
    const { environment } = temporaryHome();
    const { signalled } = startWithoutOption('agent.mjs', environment);
    await expect.poll(() => readState(appPaths(environment)), { timeout: 60_000 }).not.toBeNull();
    expect(await signalled()).toEqual(shut);
  });

  it('SIGUSR1 opens no inspector in a worker', async () => {
    const { child, signalled } = startWithoutOption('worker.mjs', temporaryHome().environment);
    // More than a pipe's buffer: the write ends once the worker reads.
    await new Promise((resolve) => child.stdin.write(' '.repeat(1_000_000), resolve));
    expect(await signalled()).toEqual(shut);
  });
});
