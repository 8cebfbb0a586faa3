import { execFileSync } from 'node:child_process';
import { quotePosix } from '../src/system/index.ts';

/** A command to time as a whole process. */
export interface Timed {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

/**
 * Milliseconds of each command's runs. The commands alternate (A B A B …), so that changes in the
 * machine's speed affect all of them alike. A shell starts them, because starting a process from
 * Node takes as long as some of these commands. Throws if one of them fails.
 */
export function timeInTurn(
  commands: readonly Timed[],
  environment: Readonly<Record<string, string>>,
  rounds: number,
): Map<string, number[]> {
  const run = ({ name, command }: Timed) =>
    `t0=\${EPOCHREALTIME/./}; ${command.map(quotePosix).join(' ')} >/dev/null || exit 1; t1=\${EPOCHREALTIME/./}; echo ${name} $((t1 - t0))`;
  const script = `for ((round = -1; round < ${rounds}; round++)); do\n${commands.map(run).join('\n')}\ndone`;
  const output = execFileSync('bash', ['--norc', '--noprofile', '-c', script], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  const times = new Map(commands.map(({ name }) => [name, [] as number[]]));
  for (const line of output.trim().split('\n').slice(commands.length)) {
    const [name = '', microseconds] = line.split(' ');
    times.get(name)?.push(Number(microseconds) / 1000);
  }
  return times;
}

export interface TimedWithEnvironment extends Timed {
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Milliseconds of processor time, user and system, of each command: the lowest of many rounds of
 * four runs, in turn.
 */
export function leastProcessorTime(
  commands: readonly TimedWithEnvironment[],
  rounds: number,
): Map<string, number> {
  const least = new Map<string, number>();
  for (let round = -1; round < rounds; round += 1) {
    for (const { name, command, environment } of commands) {
      const run = `${command.map(quotePosix).join(' ')} >/dev/null 2>&1 || exit 1`;
      const script = `TIMEFORMAT='%3U %3S'; time for i in 1 2 3 4; do ${run}; done`;
      const output = execFileSync('bash', ['--norc', '--noprofile', '-c', `{ ${script}; } 2>&1`], {
        env: environment,
        encoding: 'utf8',
      });
      const [user = Number.NaN, system = Number.NaN] = output.trim().split(' ').map(Number);
      const time = ((user + system) * 1000) / 4;
      if (round >= 0) least.set(name, Math.min(time, least.get(name) ?? Number.POSITIVE_INFINITY));
    }
  }
  return least;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The median of a/b, pair by pair. */
export function ratio(a: readonly number[], b: readonly number[]): number {
  return median(a.map((value, index) => value / (b[index] ?? Number.NaN)));
}
