import { isLocked } from '../../system/index.ts';
import { note } from '../finding.ts';
import type { Check } from '../scene.ts';

/** While awsh is locked nothing loads, and the user may have forgotten the lock. */
export const lock: Check = {
  name: 'lock',
  run({ paths }) {
    if (!isLocked(paths)) return [];
    return [note('awsh is locked', 'by awsh lock, or by lock_after', 'awsh unlock')];
  },
};
