import { slipOf } from '../../profiles/index.ts';
import { awsFilesAsWritten } from '../aws-file-texts.ts';
import { type Finding, note } from '../finding.ts';
import { knownKeys } from '../known-keys.ts';
import type { Check } from '../scene.ts';
import { editAt, shownPlace } from '../shown.ts';

/**
 * Keys that nobody reads and that look like one that somebody does. A key that is like none is left alone: other tools keep
 * theirs in these files. What is shown is near a known key, so it is no secret on the wrong side of a `=`.
 */
export const unknownKeys: Check = {
  name: 'unknown-keys',
  run(scene): Finding[] {
    const sections = awsFilesAsWritten(scene).flatMap((file) => file.sections);
    return sections
      .filter(({ name }) => name !== null && name.kind !== 'services')
      .flatMap(({ keys }) => keys)
      .filter(({ key }) => /^[a-z0-9_.-]{4,60}$/.test(key) && !knownKeys.has(key))
      .flatMap(({ key, place }) => {
        const meant = slipOf(key, knownKeys);
        if (meant === null) return [];
        return [
          note(
            `${shownPlace(place, scene.paths)}: no SDK or tool reads ${key}`,
            `it looks like ${meant}`,
            editAt(place),
          ),
        ];
      });
  },
};
