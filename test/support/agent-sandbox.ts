import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { askAgent, readState } from '../../src/agent/index.ts';
import { createSandbox, type Sandbox } from '../../src/demo/index.ts';
import { type AppPaths, appPaths } from '../../src/system/index.ts';
import { rawAnswer } from './agent.ts';
import { packageFolder, sandboxEnvironment, storeKey } from './sandbox-shell.ts';
import { temporaryHome } from './temporary-home.ts';

const launcher = join(packageFolder, 'bin/awsh');

export interface Ran {
  status: number | null;
  out: string;
  err: string;
}

/**
 * A sandbox home with an agent, and the requests of its shells. It uses the built package, without
 * a terminal.
 */
export interface AgentSandbox {
  readonly sandbox: Sandbox;
  readonly paths: AppPaths;
  readonly environment: Record<string, string>;
  /** Runs bin/awsh with these arguments. */
  awsh(words: string[], options?: { cwd?: string; environment?: Record<string, string> }): Promise<Ran>;
  /** The hook's cold path for a directory. */
  loadCold(folder: string, lines?: string[], environment?: Record<string, string>): Promise<string>;
  /** The hook's warm path: the reply without its proof; null if no agent answers. */
  loadWarm(folder: string, lines?: string[]): Promise<string | null>;
  /** A hook's request for a directory, with this token. */
  loadRequest(token: string, folder: string, lines: string[]): string;
  /** Kills the agent with SIGKILL. */
  killAgent(): void;
}

export async function agentSandbox(): Promise<AgentSandbox> {
  const sandbox = await createSandbox(join(temporaryHome().path, 'home'));
  onTestFinished(() => sandbox.close());
  await storeKey(sandbox);
  const environment = { ...sandboxEnvironment(sandbox), AWSH_AGENT: '' };
  const paths = appPaths(environment);
  const killAgent = () => {
    const pid = readState(paths)?.pid;
    if (pid !== undefined && existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGKILL');
  };
  onTestFinished(killAgent);
  const awsh: AgentSandbox['awsh'] = (words, options = {}) =>
    run(launcher, words, {
      cwd: sandbox.home,
      ...options,
      environment: { ...environment, ...options.environment },
    });
  const request = (token: string, folder: string, lines: string[]) => {
    const fixed = Object.entries(sandbox.environment).map(([name, value]) => `env ${name} ${value}`);
    return [`${token} load 1`, `cwd ${folder}`, ...lines, ...fixed, 'end', ''].join('\n');
  };
  return {
    sandbox,
    paths,
    environment,
    awsh,
    killAgent,
    loadRequest: request,
    async loadCold(folder, lines = [], more = {}) {
      const { out } = await awsh(['_load'], {
        environment: { AWSH_REQUEST: request('-', folder, lines), ...more },
      });
      return out;
    },
    async loadWarm(folder, lines = []) {
      const state = readState(paths);
      if (state === null || (await askAgent(paths, 'hello')) === null) return null;
      const answer = await rawAnswer(state.port, [request(state.token.reveal(), folder, lines)]);
      return answer.startsWith(`${state.proof.reveal()} `) ? answer.slice(65) : null;
    },
  };
}

function run(
  program: string,
  words: string[],
  { cwd, environment }: { cwd: string; environment: Record<string, string> },
): Promise<Ran> {
  // Its own session, so that it has no terminal to ask in.
  const child = spawn(program, words, {
    cwd,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const ran: Ran = { status: null, out: '', err: '' };
  child.stdout.on('data', (text) => {
    ran.out += text;
  });
  child.stderr.on('data', (text) => {
    ran.err += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ ...ran, status }));
  });
}
