// Many terminals at once in one project that asks for an MFA code.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readState } from '../../src/agent/index.ts';
import { type AgentSandbox, agentSandbox } from './agent-sandbox.ts';
import { packageFolder } from './sandbox-shell.ts';
import { temporaryHome } from './temporary-home.ts';
import { openShell, openTerminal, type ShellName, type ShellTerminal, type Terminal } from './terminal.ts';

export interface Crowd extends AgentSandbox {
  readonly staging: string;
  /** Sends this signal to the running agent, and returns its process id. */
  signalAgent(signal: NodeJS.Signals): number;
  /**
   * Starts the launcher with these arguments in a new terminal each time, without waiting for it.
   */
  openLaunchers(
    count: number,
    words: string[],
    more?: (index: number) => Record<string, string>,
  ): Promise<Terminal[]>;
  /** The call of a hook in the staging project, with more lines in its request. */
  openLoads(count: number, lines?: string[]): Promise<Terminal[]>;
}

/**
 * A home with the staging project allowed, which needs an MFA code. `agent`: whether commands there
 * use one.
 */
export async function openCrowd(agent: 'on' | 'off'): Promise<Crowd> {
  const it = await agentSandbox();
  const staging = join(it.sandbox.home, 'projects/staging');
  const environment = { ...it.environment, AWSH_AGENT: agent === 'on' ? '' : 'off' };
  const pids = new Set<number>();
  onTestFinished(() => {
    for (const pid of pids) if (existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGKILL');
  });
  await it.awsh(['allow', staging], { environment });
  if (agent === 'on') await it.awsh(['agent', 'start']);
  const openLaunchers: Crowd['openLaunchers'] = (count, words, more = () => ({})) =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        openTerminal(join(packageFolder, 'bin/awsh'), words, {
          environment: { ...environment, ...more(index) },
          cwd: it.sandbox.home,
          columns: 300,
        }),
      ),
    );
  return {
    ...it,
    staging,
    signalAgent(signal) {
      const pid = readState(it.paths)?.pid;
      if (pid === undefined) throw new Error('no agent runs');
      pids.add(pid);
      process.kill(pid, signal);
      return pid;
    },
    openLaunchers,
    openLoads: (count, lines = []) =>
      openLaunchers(count, ['_load'], (index) => ({
        AWSH_REQUEST: it.loadRequest('-', staging, [`tty pts/${index}`, ...lines]),
      })),
  };
}

/** Waits until each has asked or has ended. The output is the reply to its hook. */
export async function sortAsked(
  terminals: readonly Terminal[],
  timeout = 60_000,
): Promise<{ asked: Terminal[]; told: Terminal[] }> {
  const [asked, told]: [Terminal[], Terminal[]] = [[], []];
  await Promise.all(
    terminals.map(async (terminal) => {
      const isAsked = await terminal.waitFor('MFA code for', timeout).then(
        () => true,
        () => false,
      );
      (isAsked ? asked : told).push(terminal);
    }),
  );
  return { asked, told };
}

/** Starts this number of shells of each kind in turn, with the hook, in a crowd's home. */
export function openShells(
  { environment, sandbox }: Crowd,
  names: readonly ShellName[],
  count: number,
): Promise<ShellTerminal[]> {
  const home = { ...temporaryHome(), path: sandbox.home, environment };
  const shells = Array.from({ length: count }, (_, index) => names[index % names.length] ?? 'bash');
  return Promise.all(
    shells.map((name) => openShell(name, { home, rc: `source ${packageFolder}/shell/awsh.${name}` })),
  );
}
