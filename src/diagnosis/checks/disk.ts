import { accessSync, constants, realpathSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  diskFault,
  hasCode,
  homeFault,
  isBelowNoHome,
  printablePath,
  statIfThere,
} from '../../system/index.ts';
import { type Finding, note, problem } from '../finding.ts';
import type { Check, Scene } from '../scene.ts';
import { word } from '../shown.ts';

/**
 * A folder or file that awsh writes, what does not work without it, and whether the user would
 * notice at once.
 */
interface Written {
  readonly path: string;
  readonly cost: string;
  readonly isDaily: boolean;
}

function lockCost({ state, runtime }: Scene['paths']): string {
  return runtime === state ? '`awsh lock` cannot reach open shells' : 'a lock ends when you log out';
}

interface Refusal extends Written {
  readonly place: string;
  readonly why: string;
  /**
   * The beginning of the next command, to which the paths are added; `all` if it needs each of
   * them.
   */
  readonly next: string;
  readonly all: boolean;
}

/**
 * In bytes. Less than this counts as a full disk: an encrypted session has about 2 KiB, and a file
 * system reserves blocks.
 */
const leastBytes = 64 * 1024;

/** Whether awsh can write its files. Writes nothing to find out. */
export const disk: Check = {
  name: 'disk',
  run({ paths }): Finding[] {
    const home = homeFault(paths.home);
    if (home !== null) return [problem('there is no home for what awsh stores', home.why, home.next)];
    const written: readonly Written[] = [
      { path: paths.vault, cost: 'keys and sessions cannot be stored', isDaily: true },
      { path: paths.state, cost: lockCost(paths), isDaily: true },
      { path: paths.runtime, cost: 'no agent can run', isDaily: true },
      { path: paths.cache, cost: 'Tab completion and start-up are slower', isDaily: false },
      { path: paths.settings, cost: '`awsh config set` does not work', isDaily: false },
      {
        path: paths.awsConfig,
        cost: '`awsh add` and `awsh sso populate` cannot write profiles',
        isDaily: false,
      },
    ];
    const refused = written.flatMap((each) => refusalOf(each) ?? []);
    const reasons = [...new Set(refused.map(({ why }) => why))];
    return reasons.map((why) =>
      finding(
        refused.filter((each) => each.why === why),
        paths,
      ),
    );
  },
};

function finding(refused: readonly Refusal[], paths: Scene['paths']): Finding {
  const [first] = refused;
  const daily = refused.filter(({ isDaily }) => isDaily);
  const shown = [...new Set(refused.map(({ path }) => printablePath(path, paths.home)))].join(', ');
  const costs = [...new Set((daily.length > 0 ? daily : refused).map(({ cost }) => cost))].join(', and ');
  const places = [...new Set(refused.map(({ place }) => word(place)))].slice(0, first?.all ? undefined : 1);
  const level = daily.length > 0 ? problem : note;
  return level(
    `nothing can be written to ${shown}: ${first?.why}`,
    costs,
    [first?.next ?? '', ...places].join(' '),
  );
}

/** Null if a file could be written there, as far as can be checked. */
function refusalOf(written: Written): Refusal | null {
  if (isBelowNoHome(written.path)) return null;
  const place = nearestFolder(written.path);
  const refusal = (why: string, next: string, all = false) => ({ ...written, place, why, next, all });
  try {
    accessSync(place, constants.W_OK | constants.X_OK);
    const { bsize, bavail, bfree, files, ffree } = statfsSync(place);
    const free = process.geteuid?.() === 0 ? bfree : bavail;
    if (free * bsize < leastBytes) return refusal('the disk is full', 'df -h');
    return files > 0 && ffree === 0 ? refusal('the file system has no free inodes', 'df -i') : null;
  } catch (error) {
    if (hasCode(error, 'EROFS')) return refusal('the file system is read-only', 'df -h');
    const uid = statIfThere(place)?.uid;
    if (uid === process.geteuid?.()) return refusal('permission denied', 'chmod u+rwx', true);
    // Left by `sudo awsh`.
    if (uid === 0 && /\/awsh(\/|$)/.test(place))
      return refusal('it belongs to root', 'sudo chown -R "$(id -u)"', true);
    const fault = diskFault(error, place);
    if (fault === null) throw error;
    return refusal(fault.why, 'ls -ld');
  }
}

/** The folder in which a file would be created; follows a link to a file, as writing does. */
function nearestFolder(path: string): string {
  for (let at = path; ; at = dirname(at)) {
    try {
      const real = realpathSync(at);
      return statIfThere(real)?.isDirectory() === true ? real : dirname(real);
    } catch (error) {
      if (!hasCode(error, 'ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES') || at === dirname(at)) return at;
    }
  }
}
