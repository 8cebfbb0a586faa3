import { awsVaultStores } from '../../moving/index.ts';
import { type Finding, note } from '../finding.ts';
import type { Check } from '../scene.ts';
import { numberOf, someOf } from '../shown.ts';

/** Access keys that aws-vault has and awsh does not, by their names only. */
export const awsVaultKeys: Check = {
  name: 'aws-vault-keys',
  async run({ environment, paths, files, keys }): Promise<Finding[]> {
    const stored = new Set(keys.map(({ profile }) => profile));
    const isProfile = (name: string) => files?.profiles.has(name) ?? false;
    const stores = await awsVaultStores({ environment, home: paths.home, cwd: paths.home, isProfile });
    return stores.flatMap(({ source, title, profiles, isLocked }) => {
      const next = `awsh import --${source}`;
      if (isLocked)
        return [note(`${title}: locked`, 'it may have access keys that are not in the vault of awsh', next)];
      const missing = profiles.filter((profile) => !stored.has(profile));
      if (missing.length === 0) return [];
      if (source === 'aws-vault-pass') {
        const entries = `${numberOf(missing.length, 'possible access key')} in ${title}: ${someOf(missing)}`;
        return [note(entries, 'awsh uses only keys in its own vault', next)];
      }
      const what = `${numberOf(missing.length, 'access key')} in ${title}: ${someOf(missing)}`;
      return [note(what, 'awsh uses only keys in its own vault', next)];
    });
  },
};
