import { profileNames, resolveProfile, sourceChain } from '../../profiles/index.ts';
import { AwshError } from '../../system/index.ts';
import { type Finding, note } from '../finding.ts';
import type { Check, Scene } from '../scene.ts';
import { editAt, shownPlace } from '../shown.ts';

/** A source_profile beside credentials of the profile's own: without role_arn it is not used. */
export const ignoredSource: Check = {
  name: 'ignored-source',
  run({ files, keys, paths }: Scene): Finding[] {
    if (files === null) return [];
    const stored = new Set(keys.map(({ profile }) => profile));
    return profileNames(files).flatMap((name) => {
      if (!files.profiles.get(name)?.properties.get('source_profile')?.value) return [];
      try {
        const { properties } = resolveProfile(files, name);
        const source = properties.get('source_profile');
        if (source === undefined || properties.get('role_arn')?.value) return [];
        if (sourceChain(files, name, (profile) => stored.has(profile)).length > 1) return [];
        return [
          note(
            `${shownPlace(source.place, paths)}: source_profile is ignored`,
            'the profile has no role_arn, so its own credentials are used; aws-vault uses the source',
            editAt(source.place),
          ),
        ];
      } catch (error) {
        // What is wrong with a chain has a check of its own.
        if (error instanceof AwshError) return [];
        throw error;
      }
    });
  },
};
