import { dirname } from 'node:path';
import { othersCanWrite, printablePath, statIfThere } from '../../system/index.ts';
import { type Finding, problem } from '../finding.ts';
import type { Check, Scene } from '../scene.ts';
import { word } from '../shown.ts';

/** Whether other users can read or write the files that awsh relies on. */
export const fileModes: Check = {
  name: 'file-modes',
  run(scene): Finding[] {
    const { paths, startUp } = scene;
    const own = [paths.data, paths.vault, paths.trust, paths.runtime, paths.state, paths.cache];
    const written = [
      dirname(paths.awsConfig),
      paths.awsConfig,
      dirname(paths.settings),
      ...(startUp?.files ?? []).map(({ path }) => path),
    ];
    return [
      ...[...new Set(own)].flatMap((path) => fault(path, 'closed', scene)),
      ...fault(paths.awsCredentials, 'unread', scene),
      ...[...new Set(written)].flatMap((path) => fault(path, 'unwritten', scene)),
    ];
  },
};

/** What others must not do with a path: anything, read it, or write it. */
type Rule = 'closed' | 'unread' | 'unwritten';

function fault(path: string, rule: Rule, { paths, platform }: Scene): Finding[] {
  const stat = statIfThere(path);
  if (stat === undefined || platform === 'win32') return [];
  const shown = printablePath(path, paths.home);
  if (stat.uid !== process.getuid?.() && stat.uid !== 0) {
    return [
      problem(`${shown} belongs to another user`, 'that user can put anything there', `ls -ld ${word(path)}`),
    ];
  }
  if (rule === 'closed' && (stat.mode & 0o077) !== 0) {
    return [
      problem(
        `other users can enter ${shown}`,
        'awsh keeps secrets or its state there',
        `chmod 700 ${word(path)}`,
      ),
    ];
  }
  if (rule === 'unread' && (stat.mode & 0o044) !== 0) {
    return [
      problem(`other users can read ${shown}`, 'the file may hold access keys', `chmod 600 ${word(path)}`),
    ];
  }
  if (rule === 'closed' || !othersCanWrite(stat)) return [];
  const why = 'another user who writes to it can choose your identity, or run commands in your shells';
  return [problem(`other users can write ${shown}`, why, `chmod go-w ${word(path)}`)];
}
