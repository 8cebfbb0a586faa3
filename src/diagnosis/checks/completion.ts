import { note, ok } from '../finding.ts';
import type { Check } from '../scene.ts';

/** Whether completion works in the calling shell. */
export const completion: Check = {
  name: 'completion',
  run({ hook }) {
    if (hook === null) return [];
    if (hook.completes) return [ok('Tab completes awsh')];
    if (hook.shell === 'zsh') {
      const why = 'compinit did not run, or ran before awsh was loaded';
      return [note('Tab does not complete awsh', why, 'autoload -Uz compinit && compinit')];
    }
    return [note('Tab does not complete awsh', null, 'awsh setup')];
  },
};
