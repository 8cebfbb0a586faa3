import { execa } from 'execa';
import { median } from './timing.ts';

/** Microseconds of one call of each hook in one interactive shell. */
export interface HookTimes {
  readonly awsh: number;
  /**
   * The same if awsh removes its own variables before direnv runs, and restores them afterwards.
   */
  readonly beside: number | null;
  readonly direnv: number | null;
}

export interface HookBench {
  readonly shell: 'bash' | 'zsh';
  /** A directory whose file is loaded. */
  readonly project: string;
  /** A directory whose .envrc direnv loads. */
  readonly envrc: string | null;
  readonly hook: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly calls: number;
}

/**
 * The commands that each prompt runs. (The name of a missing function would fork, and measure
 * that.)
 */
export const prompt = { bash: '__awsh_prompt; __awsh_draw', zsh: '__awsh_precmd; __awsh_draw' };

export const clock = {
  bash: { now: '${EPOCHREALTIME/./}', prepare: '' },
  zsh: { now: '$(( int(EPOCHREALTIME * 1000000) ))', prepare: 'zmodload zsh/datetime zsh/mathfunc' },
};

/**
 * Loads the project, then calls the hooks repeatedly while nothing changes, which is the cost of
 * one idle prompt. Both hooks run in the same shell, alternately, in five rounds. The result is the
 * medians.
 */
export async function timeHooks({
  shell,
  project,
  envrc,
  hook,
  environment,
  calls,
}: HookBench): Promise<HookTimes> {
  const { now, prepare } = clock[shell];
  const loop = (name: string, code: string, count = calls) =>
    `t0=${now}; for ((i = 0; i < ${count}; i++)); do ${code}; done; t1=${now}; echo ${name} $((t1 - t0))`;
  const direnv = envrc === null ? '' : `eval "$(direnv hook ${shell})"`;
  const besidePrompt = `__awsh_before; ${prompt[shell]}`;
  const beside = `${besidePrompt}; ${loop('beside', besidePrompt, calls / 10)}`;
  const script = `
${prepare}
source '${hook}'
${direnv}
cd '${project}'; ${prompt[shell]}
[[ $AWSH_PROFILE ]] || { echo "nothing loaded: $AWSH_SEGMENT" >&2; exit 1; }
for round in 1 2 3 4 5; do
  cd '${project}'; ${prompt[shell]}
  ${loop('awsh', prompt[shell])}
  ${envrc === null ? '' : `${beside}; cd '${envrc}'; _direnv_hook; ${loop('direnv', '_direnv_hook', 20)}`}
done
`;
  const laps = await runTimed(shell, script, environment);
  return {
    awsh: median(laps('awsh')) / calls,
    beside: envrc === null ? null : median(laps('beside')) / (calls / 10),
    direnv: envrc === null ? null : median(laps('direnv')) / 20,
  };
}

/**
 * Runs a script that prints `NAME MICROSECONDS` for each lap in an interactive shell, and returns
 * the laps of a name. The output of fish's `time` has the name `fish time`.
 */
export async function runTimed(
  shell: 'bash' | 'zsh' | 'fish',
  script: string,
  environment: Readonly<Record<string, string>>,
): Promise<(name: string) => number[]> {
  const args = { bash: ['--norc', '--noprofile', '-i'], zsh: ['-f', '-i'], fish: ['--no-config', '-i'] }[
    shell
  ];
  const { stdout, stderr } = await execa(shell, [...args, '-c', script], {
    env: environment,
    extendEnv: false,
    stdin: 'ignore',
  });
  const unit: Readonly<Record<string, number>> = { secs: 1e6, millis: 1e3, micros: 1 };
  const fishTimes = [...stderr.matchAll(/^Executed in +([\d.]+) (secs|millis|micros)/gm)].map(
    ([, number, of = '']) => Number(number) * (unit[of] ?? Number.NaN),
  );
  return (name) =>
    name === 'fish time'
      ? fishTimes
      : [...stdout.matchAll(new RegExp(`^${name} (\\d+)$`, 'gm'))].map((match) => Number(match[1]));
}
