import { profileNames, resolveProfile } from '../../profiles/index.ts';
import { AwshError, editCommand, printablePath } from '../../system/index.ts';
import { note } from '../finding.ts';
import type { Check } from '../scene.ts';
import { numberOf, someOf } from '../shown.ts';

/** Roles without a region: they load, and then programs complain about the missing region. */
export const roleRegions: Check = {
  name: 'role-regions',
  run({ files, paths }) {
    if (files === null) return [];
    const without = profileNames(files).filter((name) => {
      try {
        const { properties } = resolveProfile(files, name);
        return properties.get('role_arn')?.value && !properties.get('region')?.value;
      } catch (error) {
        // Another check reports errors of its includes.
        if (error instanceof AwshError) return false;
        throw error;
      }
    });
    if (without.length === 0) return [];
    const first = without[0] === undefined ? null : files.profiles.get(without[0]);
    const config = printablePath(paths.awsConfig, paths.home);
    return [
      note(
        `${numberOf(without.length, 'role')} without a region: ${someOf(without)}`,
        'awsh calls STS in us-east-1, and programs that need a region fail; add a line like "region = eu-west-1" to the profile, or to [default] for all of them',
        editCommand(config, first?.place.file === paths.awsConfig ? first.place.line : null),
      ),
    ];
  },
};
