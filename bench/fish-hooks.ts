import type { HookBench, HookTimes } from './shell-hooks.ts';
import { runTimed } from './shell-hooks.ts';
import type { SwitchBench, SwitchTimes } from './shell-switches.ts';
import { median } from './timing.ts';

/*
 * The same as shell-hooks.ts and shell-switches.ts for fish. fish has no clock of its own, so GNU
 * date gives the time in nanoseconds. Its cost is divided among all calls between two measurements.
 */

type Bench<B> = Omit<B, 'shell'>;

const prompt = '__awsh_prompt';
// At the first prompt, the hook defines what each later prompt runs.
const firstPrompt = 'emit fish_prompt';

/** Prints `NAME MICROSECONDS` for the time that `code` takes. */
const lap = (name: string, code: string) =>
  `set t0 (date +%s%N); ${code}; set t1 (date +%s%N); echo ${name} (math --scale 0 "($t1 - $t0) / 1000")`;
const times = (count: number, code: string) => `for i in (seq ${count}); ${code}; end`;

/**
 * Microseconds of an idle prompt, as in timeHooks. The hook joins direnv at the first prompt, so
 * one shell has no direnv.
 */
export async function timeFishHooks(bench: Bench<HookBench>): Promise<HookTimes> {
  const { project, envrc, hook, environment, calls } = bench;
  const besidePrompt = `__awsh_before; ${prompt}`;
  const timeLoaded = (direnv: string, measure: string) =>
    runTimed(
      'fish',
      `
source '${hook}'
${direnv}
${firstPrompt}
cd '${project}'; ${prompt}
test -n "$AWSH_PROFILE"; or begin; echo "nothing loaded: $AWSH_SEGMENT" >&2; exit 1; end
for round in 1 2 3 4 5
  cd '${project}'; ${prompt}
  ${measure}
end
`,
      environment,
    );
  const alone = await timeLoaded('', lap('awsh', times(calls, prompt)));
  const awsh = median(alone('awsh')) / calls;
  if (envrc === null) return { awsh, beside: null, direnv: null };
  const laps = await timeLoaded(
    'direnv hook fish | source',
    `${besidePrompt}; ${lap('beside', times(calls / 10, besidePrompt))}
  cd '${envrc}'; __direnv_export_eval; ${lap('direnv', times(20, '__direnv_export_eval'))}`,
  );
  return { awsh, beside: median(laps('beside')) / (calls / 10), direnv: median(laps('direnv')) / 20 };
}

/** Microseconds of a cd to the other directory and its prompt, as in timeSwitches. */
export async function timeFishSwitches(bench: Bench<SwitchBench>): Promise<SwitchTimes> {
  const { projects, envrcs, hook, environment } = bench;
  const toAndFro = (name: string, [one, two]: readonly [string, string], after: string) =>
    times(10, lap(name, times(5, `cd '${one}'; ${after}; cd '${two}'; ${after}`)));
  const awsh = await runTimed(
    'fish',
    `source '${hook}'; ${firstPrompt}
cd '${projects[0]}'; cd '${projects[1]}'
# Whatever the agent does not answer is blocked from here on.
set -g __awsh_launcher /nonexistent
${toAndFro('awsh', projects, prompt)}
test "$AWSH_PROFILE" = (basename $PWD); or begin; echo "not loaded: $AWSH_SEGMENT" >&2; exit 1; end`,
    environment,
  );
  const direnv =
    envrcs === null
      ? null
      : await runTimed(
          'fish',
          `direnv hook fish | source\n${toAndFro('direnv', envrcs, '__direnv_export_eval 2>/dev/null')}`,
          environment,
        );
  return {
    awsh: median(awsh('awsh')) / 10,
    direnv: direnv === null ? null : median(direnv('direnv')) / 10,
  };
}
