import { slipOf } from '../../profiles/index.ts';
import { awsFilesAsWritten } from '../aws-file-texts.ts';
import { type Finding, note } from '../finding.ts';
import { knownKeys } from '../known-keys.ts';
import type { Check } from '../scene.ts';
import { editAt, shownPlace } from '../shown.ts';

/**
 * Unknown properties that are similar to a known one. A property that is similar to none is
 * ignored, because other tools store theirs in these files. What is shown resembles a known
 * property, so it is not a secret on the wrong side of a `=`.
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
