import * as fs from 'node:fs';
import { basename, join } from 'node:path';
import {
  AwshError,
  type Environment,
  followLinks,
  hasCode,
  printable,
  UsageError,
  writeFileAtomic,
} from '../system/index.ts';
import type { SetupShell } from './rc-block.ts';

/** The shell that is asked for, else the person's own. UsageError where that is one awsh has no hook for. */
export function shellToSetUp(asked: string | undefined, environment: Environment): SetupShell {
  const name = asked ?? basename(environment.SHELL ?? '');
  if (name === 'bash' || name === 'zsh') return name;
  throw new UsageError(
    name === '' ? 'your shell is not known' : `there is no hook for ${printable(name)}`,
    '$SHELL should be bash or zsh, or --shell say which of them to set up',
    'awsh setup --shell bash',
  );
}

/** The file that this shell reads when it starts at a terminal. macOS opens bash as a login shell, which reads another. */
export function rcPath(
  shell: SetupShell,
  environment: Environment,
  home: string,
  platform = process.platform,
): string {
  if (shell === 'zsh') return join(environment.ZDOTDIR || home, '.zshrc');
  return join(home, platform === 'darwin' ? '.bash_profile' : '.bashrc');
}

/** The file's bytes, one character each, so that what is not ours comes out as it went in; null where there is none. */
export function readRc(path: string): string | null {
  try {
    return fs.readFileSync(path, 'latin1');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/**
 * Replaces the file as a whole, keeping its mode and, where it is a symbolic link, the link; null removes it. A file
 * that is read-only or somebody else's is left alone.
 */
export function writeRc(path: string, bytes: string | null): void {
  const target = followLinks(path);
  const stat = fs.statSync(target, { throwIfNoEntry: false });
  if (stat !== undefined) requireOwn(target, stat);
  if (bytes === null) fs.rmSync(path, { force: true });
  else writeFileAtomic(target, Buffer.from(bytes, 'latin1'), stat === undefined ? 0o644 : stat.mode & 0o7777);
}

function requireOwn(path: string, stat: fs.Stats): void {
  const why = !stat.isFile()
    ? 'it is not a plain file'
    : stat.uid !== process.getuid?.()
      ? 'it belongs to another user'
      : (stat.mode & 0o200) === 0
        ? 'it is read-only'
        : null;
  if (why !== null)
    throw new AwshError('other', `${printable(path)} was not changed`, why, `ls -l ${printable(path)}`);
}
