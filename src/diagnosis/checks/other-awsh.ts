import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProgram, printablePath } from '../../system/index.ts';
import { type Finding, note } from '../finding.ts';
import type { Check } from '../scene.ts';
import { word } from '../shown.ts';

/** The awsh that scripts and SDKs find in PATH: another than this one, or none. */
export const otherAwsh: Check = {
  name: 'path',
  run({ environment, packageFolder, paths }): Finding[] {
    const found = findProgram('awsh', environment.PATH);
    if (found === null) {
      return [
        note(
          'PATH has no awsh',
          'scripts, and SDKs by credential_process, do not find it',
          `export PATH="$PATH:"${word(join(packageFolder, 'bin'))}`,
        ),
      ];
    }
    const folder = dirname(dirname(realpathSync(found)));
    if (folder === realpathSync(packageFolder)) return [];
    return [
      note(
        `PATH finds another awsh: ${printablePath(found, paths.home)}`,
        `this one is in ${printablePath(packageFolder, paths.home)}`,
        `${word(found)} setup, if new shells should load that one`,
      ),
    ];
  },
};
