import * as fs from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { hasCode } from './error-code.ts';
import { AwshError, UsageError } from './errors.ts';
import { isBelowNoHome } from './paths.ts';
import { printable } from './printable.ts';
import {
  directoryFault,
  makeFolders,
  makePrivateDirectory,
  requireOwnersFolder,
} from './private-directory.ts';
import { shellWord } from './quote-posix.ts';
import { sweepTemporaries, temporaryName } from './temporary-files.ts';

/**
 * Creates a private folder, 0700 whatever the umask, with its parents. Refuses one that is a
 * symbolic link, belongs to another user, or is accessible to others.
 */
export function ensurePrivateDirectory(path: string): void {
  requireHome(path);
  makePrivateDirectory(path);
  checkPrivateDirectory(path);
}

/**
 * Creates a directory and its parents, 0700, if they do not exist. Throws a system error on
 * failure.
 */
export function makeDirectories(path: string): void {
  requireHome(path);
  makeFolders(path);
}

/** Even root, which could, creates nothing for a user without a home. */
function requireHome(path: string): void {
  if (isBelowNoHome(path)) throw Object.assign(new Error('no home'), { code: 'ENOHOME', path });
}

/** Refuses a folder that is not safe for secrets: see {@link directoryFault}. */
export function checkPrivateDirectory(path: string): void {
  const fault = directoryFault(path);
  if (fault === null) return;
  const shown = printable(path);
  const word = shellWord(path);
  const [why, next] = (
    {
      'a link': [
        'it is a symbolic link: anyone who can change it can choose where secrets go',
        unlinked(path),
      ],
      'no folder': ['it is not a folder', `ls -ld ${word}`],
      "another's": ['it belongs to another user', `ls -ld ${word}`],
      open: ['other users can enter it', `chmod 700 ${word}`],
    } as const
  )[fault];
  throw new AwshError('other', `${shown} is not safe to keep secrets in`, why, next);
}

/** The command that replaces a link with a folder of the user's own that the link leads to. */
function unlinked(path: string): string {
  const link = shellWord(path);
  try {
    const target = fs.realpathSync(path);
    const { uid } = fs.statSync(target);
    if (uid === process.getuid?.()) return `rm ${link} && mv ${shellWord(target)} ${link}`;
  } catch {
    // It leads nowhere.
  }
  return `rm ${link}`;
}

/**
 * True if another user may write the file. A private group (group id = user id, the default on
 * Debian, Ubuntu and Fedora, with a umask of 002) does not count as others.
 */
export function othersCanWrite({ mode, uid, gid }: { mode: number; uid: number; gid: number }): boolean {
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== uid);
}

/**
 * Replaces a file atomically: a new file with another name in the same folder, opened exclusively,
 * synced, and renamed over it. After a crash the old or the new content is there; a temporary file
 * that remains, which may contain a key, is removed at the next write. A planted symbolic link is
 * replaced and not followed. If `mayReplace` returns false, just before the rename, nothing is
 * changed and the result is false. Throws the system error, with the path of the file itself.
 */
export function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  mode = 0o600,
  mayReplace: () => boolean = () => true,
): boolean {
  sweepTemporaries(path);
  try {
    return replaceFile({ path, data, mode, mayReplace });
  } catch (error) {
    throw about(path, error);
  }
}

/** A system error names the temporary file, or none; the user knows the file itself. */
function about(path: string, error: unknown): unknown {
  return error instanceof Error && 'code' in error ? Object.assign(error, { path }) : error;
}

interface Replacement {
  readonly path: string;
  readonly data: string | Uint8Array;
  readonly mode: number;
  readonly mayReplace: () => boolean;
  readonly isRepeated?: true;
}

function replaceFile(replacement: Replacement): boolean {
  const { path, data, mode, mayReplace, isRepeated } = replacement;
  const temporary = writeTemporary(path, data, mode);
  try {
    const may = mayReplace();
    if (may) fs.renameSync(temporary, path);
    else fs.rmSync(temporary, { force: true });
    return may;
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    // Removed by a process that cannot see this one, in another container with the same home.
    if (!hasCode(error, 'ENOENT') || isRepeated) throw error;
  }
  return replaceFile({ ...replacement, isRepeated: true });
}

/**
 * Like {@link writeFileAtomic}, for a file that must not exist yet: throws EEXIST, and changes
 * nothing, if it does.
 */
export function createFileAtomic(path: string, data: string, mode: number): void {
  sweepTemporaries(path);
  try {
    linkFile(writeTemporary(path, data, mode), path);
  } catch (error) {
    throw about(path, error);
  }
}

function linkFile(temporary: string, path: string): void {
  try {
    // Unlike a rename, this replaces nothing.
    fs.linkSync(temporary, path);
  } catch (error) {
    if (!hasCode(error, 'EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP')) throw error;
    // A file system without hard links.
    fs.copyFileSync(temporary, path, fs.constants.COPYFILE_EXCL);
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}

function writeTemporary(path: string, data: string | Uint8Array, mode: number): string {
  requireOwnersFolder(dirname(path));
  const temporary = join(dirname(path), temporaryName(path));
  const fd = fs.openSync(temporary, 'wx', 0o600);
  try {
    try {
      fs.writeFileSync(fd, data);
      fs.fsyncSync(fd);
      fs.fchmodSync(fd, mode);
    } finally {
      fs.closeSync(fd);
    }
    return temporary;
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * The file that the path leads to, which need not exist yet: the argument for {@link
 * writeFileAtomic} if a symbolic link must be kept. Throws UsageError for a cycle of links.
 */
export function followLinks(path: string): string {
  let target = path;
  for (let links = 0; links <= 40; links++) {
    const stat = fs.lstatSync(target, { throwIfNoEntry: false });
    if (!stat?.isSymbolicLink()) return target;
    target = resolve(fs.realpathSync(dirname(target)), fs.readlinkSync(target));
  }
  throw new UsageError(`${printable(path)} cannot be read`, 'its symbolic links form a loop');
}
