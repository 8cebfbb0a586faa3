import { isHappy, stateTable } from '../../shell/index.ts';
import { type Finding, note, ok, problem } from '../finding.ts';
import type { Check } from '../scene.ts';

/**
 * The state of the calling shell. A shell that the user pinned or switched off is a problem only in
 * a directory that asks for something else.
 */
export const shellState: Check = {
  name: 'shell-state',
  run({ shell, ignoredDirectory }): Finding[] {
    if (shell.state === 'none') return [];
    if (isHappy(shell)) return [ok(shell.reason)];
    const what = `${shell.state}: ${stateTable[shell.state].headline}`;
    const isChosen = shell.state === 'pinned' || shell.state === 'off';
    if (isChosen && ignoredDirectory === null) return [note(what, shell.reason, shell.next)];
    const why = ignoredDirectory === null ? shell.reason : `${shell.reason}; ${ignoredDirectory}`;
    return [problem(what, why, shell.next)];
  },
};
