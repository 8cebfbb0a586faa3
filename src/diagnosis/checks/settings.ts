import { existsSync } from 'node:fs';
import { findProfile, nearestNames, profileNames } from '../../profiles/index.ts';
import { findLogger, noLogger } from '../../record/index.ts';
import { readSettings } from '../../settings/index.ts';
import { editCommand, printable, printablePath, similarNamesText } from '../../system/index.ts';
import { type Finding, note } from '../finding.ts';
import type { Check } from '../scene.ts';

/**
 * awsh's own settings file: whether it can be read, and whether its `protected` and `trusted_dirs`
 * entries match anything that exists; whether `log_to = syslog` has its program.
 */
export const settings: Check = {
  name: 'settings',
  run({ paths, files, keys, settings: read }): Finding[] {
    // The error describes what is wrong.
    const { trustedDirs, protected: guarded } = read ?? readSettings(paths.settings, paths.home);
    const edit = editCommand(paths.settings);
    const gone = trustedDirs.filter(({ path }) => !existsSync(path));
    const isKnown = (name: string) =>
      files === null || findProfile(files, name) !== null || keys.some(({ profile }) => profile === name);
    const named = [
      ...trustedDirs.flatMap(({ profiles }) => profiles.map((name) => ['trusted_dirs', name] as const)),
      ...guarded.filter(isPlainName).map((name) => ['protected', name] as const),
    ];
    const wantsLogger = read !== null && read.log !== 'off' && read.logTo === 'syslog';
    return [
      ...(wantsLogger && findLogger() === null ? [note(noLogger, null, 'awsh config unset log_to')] : []),
      ...gone.map(({ path }) =>
        note(
          `trusted_dirs names a folder that does not exist: ${printablePath(path, paths.home)}`,
          null,
          edit,
        ),
      ),
      ...named
        .filter(([, name]) => !isKnown(name))
        .map(([key, name]) => {
          const near = files === null ? [] : nearestNames(name, profileNames(files)).map(printable);
          const why = near.length > 0 ? similarNamesText(near) : null;
          return note(`${key} names a profile that does not exist: ${printable(name)}`, why, edit);
        }),
    ];
  },
};

/** True if the entry is not a glob, account or ARN. */
function isPlainName(entry: string): boolean {
  return !/[*?]|^\d{12}$|^arn:/.test(entry);
}
