import { join } from 'node:path';
import { packageFolder } from '../test/support/sandbox-shell.ts';
import { clock, runTimed } from './shell-hooks.ts';
import { median } from './timing.ts';

const shells = 21;

/** Milliseconds that awsh adds to the start of a shell, the median of many new shells. */
export interface SourcingTimes {
  /** All that the block of `awsh setup` sources. */
  readonly block: number;
  /** The hook alone. */
  readonly hook: number;
}

export async function timeSourcing(
  shell: 'bash' | 'zsh' | 'fish',
  environment: Readonly<Record<string, string>>,
): Promise<SourcingTimes> {
  const times = { rc: [] as number[], awsh: [] as number[] };
  for (let at = 0; at < shells; at++) {
    for (const name of ['rc', 'awsh'] as const) {
      times[name].push(await timeOnce(shell, join(packageFolder, `shell/${name}.${shell}`), environment));
    }
  }
  return { block: median(times.rc) / 1000, hook: median(times.awsh) / 1000 };
}

async function timeOnce(
  shell: 'bash' | 'zsh' | 'fish',
  file: string,
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const lap = (code: string) => {
    if (shell === 'fish') return `time ${code}`;
    const { now, prepare } = clock[shell];
    return `${prepare}\nt0=${now}; ${code}; t1=${now}; echo source $((t1 - t0))`;
  };
  // A hook that does not load removes its function again.
  const there = shell === 'fish' ? 'functions --query awsh' : 'typeset -f awsh >/dev/null';
  const laps = await runTimed(shell, `${lap(`source '${file}'`)}\n${there} || exit 1`, environment);
  const [took] = laps(shell === 'fish' ? 'fish time' : 'source');
  if (took === undefined) throw new Error(`${shell} did not say how long it took to source ${file}`);
  return took;
}
