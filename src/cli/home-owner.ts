import {
  type AppPaths,
  AwshError,
  type Environment,
  printablePath,
  shellWord,
  statIfThere,
} from '../system/index.ts';
import type { CommandInput } from './command-input.ts';
import type { CommandLine } from './command-line.ts';

/** The verbs that write keys, trust, settings or a user's own files. */
const writingVerbs = [
  'add',
  'allow',
  'clear',
  'config',
  'deny',
  'import',
  'init',
  'lock',
  'migrate-backend',
  'remove',
  'rotate',
  'setup',
  'uninstall',
  'unlock',
];

/**
 * Refuses a verb that writes if root runs it with another user's home, as `sudo -E` and macOS's
 * sudo do. The new files would belong to root, and the user could no longer read a key.
 */
export function requireOwnHome(line: CommandLine, input: CommandInput, given: HomeOwner): void {
  if (given.uid !== 0 || !writes(line, input)) return;
  const { home, awsConfig, awsCredentials } = given.paths;
  for (const path of [home, awsConfig, awsCredentials]) {
    const owner = statIfThere(path)?.uid ?? 0;
    if (owner === 0) continue;
    const words = ['awsh', line.verb ?? '', ...line.words.slice(line.wordsBeforeVerb)].map(shellWord);
    const isSudo = given.environment.SUDO_UID === String(owner);
    throw new AwshError(
      'other',
      'root would change files of another user',
      `${printablePath(path, home)} belongs to user ${owner}, who could not use what root stores there; nothing was changed`,
      [...(isSudo ? [] : ['sudo', '-H', '-u', `'#${owner}'`]), ...words].join(' '),
    );
  }
}

export interface HomeOwner {
  readonly uid: number | undefined;
  readonly paths: AppPaths;
  readonly environment: Environment;
}

function writes({ row }: CommandLine, input: CommandInput): boolean {
  if (row === null || !writingVerbs.includes(row.name)) return false;
  if (row.name === 'config') return ['set', 'unset'].includes(input.operands[0] ?? '');
  const isDry = row.options?.some(({ long }) => long === 'dry-run') && input.flag('dry-run');
  return !isDry;
}
