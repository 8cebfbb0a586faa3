// Many terminals at once before one project that asks for an MFA code.
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
  /** Sends the agent that runs now this signal; returns its process id. */
  signalAgent(signal: NodeJS.Signals): number;
  /** The launcher with these words, each time in a terminal of its own, without waiting for it. */
  openLaunchers(
    count: number,
    words: string[],
    more?: (index: number) => Record<string, string>,
  ): Promise<Terminal[]>;
  /** What a hook in the staging project calls, with more lines of its request. */
  openLoads(count: number, lines?: string[]): Promise<Terminal[]>;
}

/** A home with the staging project allowed, which wants an MFA code. `agent` says whether commands there use one. */
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

/** Waits until each was asked, or has ended: its output is its hook's reply. */
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

/** So many shells with the hook in a crowd's home, of each kind in turn. */
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
