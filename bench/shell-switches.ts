import { clock, prompt, runTimed } from './shell-hooks.ts';
import { median } from './timing.ts';

export interface SwitchBench {
  readonly shell: 'bash' | 'zsh';
  /** Two allowed directories, of different profiles, whose sessions an agent holds. */
  readonly projects: readonly [string, string];
  /** Two directories with an .envrc that direnv allows. */
  readonly envrcs: readonly [string, string] | null;
  readonly hook: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Microseconds of a cd to the other directory and its prompt. */
export interface SwitchTimes {
  readonly awsh: number;
  readonly direnv: number | null;
}

/**
 * Changes between the directories, in a shell with awsh and in one with direnv. Throws if anything
 * other than the agent answered.
 */
export async function timeSwitches(bench: SwitchBench): Promise<SwitchTimes> {
  const { shell, projects, envrcs, hook, environment } = bench;
  const { now, prepare } = clock[shell];
  const toAndFro = (name: string, folders: readonly [string, string], after: string, times: number) =>
    `for ((i = 0; i < ${times}; i++)); do for d in '${folders.join("' '")}'; do
      t0=${now}; cd "$d"; ${after}; t1=${now}; echo ${name} $((t1 - t0)); done; done`;
  const awsh = await runTimed(
    shell,
    `${prepare}
source '${hook}'; ${prompt[shell]}
cd '${projects[0]}'; cd '${projects[1]}'
# Whatever the agent does not answer is blocked from here on.
__awsh_launcher=/nonexistent
${toAndFro('awsh', projects, prompt[shell], 100)}
[[ $AWSH_PROFILE == "\${PWD##*/}" ]] || { echo "not loaded: $AWSH_SEGMENT" >&2; exit 1; }`,
    environment,
  );
  const direnv =
    envrcs === null
      ? null
      : await runTimed(
          shell,
          `${prepare}
eval "$(direnv hook ${shell})"
${toAndFro('direnv', envrcs, '_direnv_hook', 10)} 2>/dev/null`,
          environment,
        );
  return { awsh: median(awsh('awsh')), direnv: direnv === null ? null : median(direnv('direnv')) };
}
