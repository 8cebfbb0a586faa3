import { isLocked } from '../../system/index.ts';
import { note } from '../finding.ts';
import type { Check } from '../scene.ts';

/** `awsh lock` closes every path: whoever forgot it wonders why nothing loads. */
export const lock: Check = {
  name: 'lock',
  run({ paths }) {
    if (!isLocked(paths)) return [];
    return [note('awsh is locked', 'by awsh lock, or by lock_after', 'awsh unlock')];
  },
};
