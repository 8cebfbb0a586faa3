import { printablePath } from '../../system/index.ts';
import { type Finding, note, ok, problem } from '../finding.ts';
import type { Check } from '../scene.ts';

const ours = /^__awsh_(?:prompt|precmd|run)$/;
/** These may set AWS_PROFILE, so awsh must run after them. */
const loaders = [
  ['direnv', /^_?direnv_hook$|^__direnv_export/],
  ['mise', /^_?mise_hook/],
] as const;
/** These show what is loaded, so awsh must run before them. */
const themes = [
  ['starship', /^(?:prompt_)?starship_precmd$/],
  // Its other functions run first and draw nothing.
  ['powerlevel10k', /^_p9k_precmd$/],
  ['oh-my-posh', /^_omp_(?:hook|precmd)$/],
  ['pure', /^prompt_pure_precmd$/],
  ['powerline', /^powerline_precmd$|^_update_ps1$/],
] as const;

/** The hook's position among the functions that run before a prompt. */
export const hookOrder: Check = {
  name: 'hook-order',
  run({ hook, startUp, paths }): Finding[] {
    if (hook === null || (hook.runs.length === 0 && hook.shell === 'fish')) return [];
    const at = hook.runs.findIndex((name) => ours.test(name));
    const first = startUp?.files[0];
    const file = first === undefined ? 'the start-up file' : printablePath(first.path, paths.home);
    if (at < 0) {
      const list = hook.shell === 'bash' ? 'PROMPT_COMMAND' : 'precmd_functions';
      const why = `something loaded after awsh has replaced ${list}; only cd loads profiles now`;
      return [
        problem('the hook does not run before prompts', why, `move awsh's block to the end of ${file}`),
      ];
    }
    const placeOf = ([name, pattern]: readonly [string, RegExp]) =>
      [name, hook.runs.findIndex((command) => pattern.test(command))] as const;
    const late = loaders.map(placeOf).filter(([, place]) => place > at);
    const early = themes.map(placeOf).filter(([, place]) => place >= 0 && place < at);
    const findings = [
      ...late.map(([name]) =>
        problem(
          `${name} runs after the hook`,
          `what ${name} sets replaces what awsh has loaded`,
          `move awsh's block below ${name}'s line in ${file}`,
        ),
      ),
      ...early.map(([name]) =>
        note(
          `${name} draws the prompt before the hook has run`,
          'it shows what was loaded at the previous prompt',
          `move awsh's block above ${name}'s line in ${file}`,
        ),
      ),
    ];
    if (findings.length > 0) return findings;
    const before = loaders.map(placeOf).filter(([, place]) => place >= 0);
    const after = themes.map(placeOf).filter(([, place]) => place >= 0);
    const words = [...before.map(([name]) => `after ${name}`), ...after.map(([name]) => `before ${name}`)];
    return words.length === 0 ? [] : [ok(`the hook runs ${words.join(', ')}`)];
  },
};
