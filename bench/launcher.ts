import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { has } from '../test/support/programs.ts';
import { leastProcessorTime, median, ratio, type Timed, timeInTurn } from './timing.ts';

/** The launcher of a home whose agent has the dev profile's session. */
export interface WarmLauncher {
  readonly launcher: string;
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The commands that only read, answered by the agent's thread: processor time of the launcher against
 * `node -e 0`, and the agent's memory with the thread.
 */
export function timeReadingCommands(
  { launcher, environment }: WarmLauncher,
  agentPid: number | undefined,
): void {
  // Without --json, `sso status` prints a line on stderr if there is no session.
  const lines = ['list', 'status', 'sso status --json', 'prompt', 'config get agent'];
  const commands = lines.map((line) => ({
    name: line,
    command: [launcher, ...line.split(' ')] as const,
    environment,
  }));
  const node = { name: 'node', command: [process.execPath, '-e', '0'] as const, environment };
  const least = leastProcessorTime([...commands, node], 25);
  const of = (name: string) => least.get(name) ?? Number.NaN;
  const figures = lines.map((line) => `${line} ${(of(line) / of('node')).toFixed(2)}`);
  console.log(
    `processor time by the agent's thread, in parts of node -e 0 (${of('node').toFixed(0)} ms): ${figures.join(', ')}`,
  );
  if (agentPid === undefined || process.platform !== 'linux') return;
  const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${agentPid}/status`, 'utf8'))?.[1]);
  console.log(`the agent with the thread: ${(kilobytes / 1024).toFixed(0)} MB`);
}

/** `exec` and `export` answered by the agent, compared with a bash and a Node that do nothing. */
export async function timeWarmLauncher({ launcher, home, environment }: WarmLauncher): Promise<void> {
  const exec = [launcher, 'exec', 'dev', '--', 'true'] as const;
  const exporting = [launcher, 'export', '--format', 'json', 'dev'] as const;
  // Each alternates with its own reference only: after a Node process, the processor's caches are
  // full of it.
  const pairs: Timed[][] = [
    [
      { name: 'exec', command: exec },
      { name: 'bash', command: ['/bin/bash', '-c', 'true'] },
    ],
    [
      { name: 'export', command: exporting },
      { name: 'node', command: [process.execPath, '-e', '0'] },
    ],
  ];
  const times = new Map(pairs.flatMap((pair) => [...timeInTurn(pair, environment, 201)]));
  const of = (name: string) => times.get(name) ?? [];
  const figure = (name: string) => `${median(of(name)).toFixed(1)} ms`;
  const forks = async (command: readonly string[]) => {
    const trace = join(home, 'trace');
    if (!has('strace')) return '';
    const options = ['-f', '-o', trace, '-e', 'trace=clone,clone3,fork,vfork'];
    await execa('strace', [...options, ...command], { env: environment, extendEnv: false, stdin: 'ignore' });
    return `, ${readFileSync(trace, 'utf8').match(/\b(clone3?|v?fork)\(/g)?.length ?? 0} forks`;
  };
  console.log(
    `awsh exec dev -- true, agent warm: ${figure('exec')}, ${ratio(of('exec'), of('bash')).toFixed(2)} times ` +
      `bash -c true (${figure('bash')})${await forks(exec)}`,
  );
  console.log(
    `awsh export --format json dev, agent warm: ${figure('export')}, 1/${ratio(of('node'), of('export')).toFixed(1)} of ` +
      `node -e 0 (${figure('node')})${await forks(exporting)}`,
  );
}
