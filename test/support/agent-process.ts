import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { expect, onTestFinished } from 'vitest';
import { connectAgent, readState } from '../../src/agent/index.ts';
import type { AgentReply } from '../../src/agent/reply.ts';
import { smallHeap } from '../../src/agent/start.ts';
import type { AgentState } from '../../src/agent/state-file.ts';
import { runtimeOf } from './agent.ts';
import type { TemporaryHome } from './temporary-home.ts';

const root = join(import.meta.dirname, '../..');

/** The programs of the agent and the worker in a package of this version. Returns its folder. */
export function agentPackage(home: TemporaryHome, version = '1.0.0'): string {
  const folder = join(home.path, `package-${version}`);
  buildSync({
    entryPoints: {
      agent: join(root, 'src/agent/agent-entry.ts'),
      worker: join(root, 'src/agent/worker-entry.ts'),
    },
    outdir: join(folder, 'dist'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    mainFields: ['module', 'main'],
    external: ['keytar', '@lydell/node-pty'],
    logLevel: 'error',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  home.write(`package-${version}/package.json`, JSON.stringify({ version }));
  return folder;
}

/** An agent process whose id the test knows. It ends with the test at the latest. */
export function spawnAgent(home: TemporaryHome, folder: string, environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [...smallHeap, join(folder, 'dist/agent.mjs')], {
    env: { ...home.environment, ...environment },
    stdio: 'ignore',
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (status) => resolve(status)));
  onTestFinished(() => void child.kill('SIGKILL'));
  return { pid: child.pid ?? 0, ended, kill: (signal: NodeJS.Signals) => child.kill(signal) };
}

/** The state of an agent that answers now. With `pid`, the state of that process. */
export async function reachable(home: TemporaryHome, pid?: number): Promise<AgentState> {
  await expect
    .poll(
      async () => {
        const connection = await connectAgent(runtimeOf(home), 2000);
        connection?.close();
        return connection !== null && (pid === undefined || readState(runtimeOf(home))?.pid === pid);
      },
      { timeout: 60_000 },
    )
    .toBe(true);
  const state = readState(runtimeOf(home));
  if (state === null) throw new Error('the agent went away');
  return state;
}

/** One request of a client that reads the proof first. */
export async function askAgent(
  home: TemporaryHome,
  verb: Parameters<NonNullable<Awaited<ReturnType<typeof connectAgent>>>['ask']>[0],
  lines: readonly (readonly [string, string])[] = [],
): Promise<AgentReply | null> {
  const connection = await connectAgent(runtimeOf(home), 5000);
  const reply = (await connection?.ask(verb, lines, 5000)) ?? null;
  connection?.close();
  return reply;
}

/** What `ps` shows of a process, or null if it has ended. */
export function processField(pid: number, field: string): string | null {
  const { status, stdout } = spawnSync('ps', ['-o', `${field}=`, '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}
