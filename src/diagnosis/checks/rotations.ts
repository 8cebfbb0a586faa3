import { unfinishedRotations } from '../../rotation/index.ts';
import { printablePath, rfc3339 } from '../../system/index.ts';
import { note, problem } from '../finding.ts';
import type { Check } from '../scene.ts';
import { word } from '../shown.ts';

/** In milliseconds. A younger one may still be running: AWS needs a minute to know a key. */
const longestMs = 5 * 60_000;

/** Rotations that were interrupted: the next `awsh rotate` of the same key completes them. */
export const rotations: Check = {
  name: 'rotations',
  run({ paths, keys, clock }) {
    return unfinishedRotations(paths.data).map(({ path, journal }) => {
      const shown = printablePath(path, paths.home);
      if (journal === null) {
        const why = 'look at the keys of that user in IAM before you remove it';
        return problem(`the journal of a rotation cannot be read: ${shown}`, why, `rm ${word(path)}`);
      }
      if (Math.abs(clock.now() - journal.begun.getTime()) < longestMs) {
        return note(`a rotation of ****${journal.oldKeyId.slice(-4)} is under way`, null, null);
      }
      const ids = [journal.oldKeyId, journal.newKeyId];
      const holder = keys.find(({ accessKeyId }) => ids.includes(accessKeyId));
      const name = holder === undefined ? '****' : word(holder.profile);
      return problem(
        `the rotation of ****${journal.oldKeyId.slice(-4)} was interrupted on ${rfc3339(journal.begun)}`,
        'two keys of that user may be active',
        holder === undefined
          ? `awsh add PROFILE with a key that works, then: rm ${word(path)}`
          : `awsh rotate ${name}`,
      );
    });
  },
};
