import { spawnSync } from 'node:child_process';

/** A command to time as a whole process. */
export interface Timed {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Milliseconds of each command's runs, the commands in turn (A B A B …), so that a machine whose speed drifts treats
 * all alike. Throws where one of them fails: a fast failure is no figure.
 */
export function timeInTurn(commands: readonly Timed[], rounds: number): Map<string, number[]> {
  const times = new Map(commands.map(({ name }) => [name, [] as number[]]));
  for (let round = -1; round < rounds; round++) {
    for (const { name, command, environment } of commands) {
      const [file, ...args] = command;
      const begun = process.hrtime.bigint();
      const { status, stderr } = spawnSync(file, args, {
        env: environment,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const took = Number(process.hrtime.bigint() - begun) / 1e6;
      if (status !== 0) throw new Error(`${name} failed (${status}): ${stderr}`);
      if (round >= 0) times.get(name)?.push(took);
    }
  }
  return times;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The median of a/b, pair by pair. */
export function ratio(a: readonly number[], b: readonly number[]): number {
  return median(a.map((value, index) => value / (b[index] ?? Number.NaN)));
}
