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
 * Makes a folder of our own, 0700 whatever the umask, with its parents; refuses one that is a symbolic link, belongs
 * to somebody else, or lets others in.
 */
export function ensurePrivateDirectory(path: string): void {
  requireHome(path);
  makePrivateDirectory(path);
  checkPrivateDirectory(path);
}

/** Makes a directory and those above it, 0700, where there are none. Throws a system error where that cannot be. */
export function makeDirectories(path: string): void {
  requireHome(path);
  makeFolders(path);
}

/** Even root, who could, makes nothing for a user without a home. */
function requireHome(path: string): void {
  if (isBelowNoHome(path)) throw Object.assign(new Error('no home'), { code: 'ENOHOME', path });
}

/** Refuses a folder that is no place for secrets: see {@link directoryFault}. */
export function checkPrivateDirectory(path: string): void {
  const fault = directoryFault(path);
  if (fault === null) return;
  const shown = printable(path);
  const word = shellWord(path);
  const [why, next] = (
    {
      'a link': ['it is a symbolic link: who can change it decides where secrets go', unlinked(path)],
      'no folder': ['it is not a folder', `ls -ld ${word}`],
      "another's": ['it belongs to another user', `ls -ld ${word}`],
      open: ['other users can enter it', `chmod 700 ${word}`],
    } as const
  )[fault];
  throw new AwshError('other', `${shown} is not safe to keep secrets in`, why, next);
}

/** The command that puts a folder of the person's own, which a link leads to, in the link's place. */
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
 * True where somebody else may write the file. A group of one's own (group id = user id, what Debian, Ubuntu and Fedora
 * give each user, with a umask of 002) is nobody else.
 */
export function othersCanWrite({ mode, uid, gid }: { mode: number; uid: number; gid: number }): boolean {
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== uid);
}

/**
 * Replaces a file as a whole: a new file of another name beside it, opened exclusively, synced, renamed over it. A crash
 * leaves the old or the new content; what it leaves beside it, which may hold a key, is removed at the next write. A planted
 * symbolic link is replaced and not followed. If `mayReplace` says no, the moment before the rename, nothing is changed and the
 * answer is false. Throws the system error, with the path of the file itself.
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

/** A system error names the temporary file, or none: the reader knows the file itself. */
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
    // Swept by a process that cannot see this one, in another container with the same home.
    if (!hasCode(error, 'ENOENT') || isRepeated) throw error;
  }
  return replaceFile({ ...replacement, isRepeated: true });
}

/**
 * As {@link writeFileAtomic}, for a file that must not be there yet: throws EEXIST, and changes nothing, where it is.
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
 * The file that the path leads to, which need not exist yet: what to give to {@link writeFileAtomic} where a symbolic
 * link is to stay one. UsageError where links lead in a circle.
 */
export function followLinks(path: string): string {
  let target = path;
  for (let links = 0; links <= 40; links++) {
    const stat = fs.lstatSync(target, { throwIfNoEntry: false });
    if (!stat?.isSymbolicLink()) return target;
    target = resolve(fs.realpathSync(dirname(target)), fs.readlinkSync(target));
  }
  throw new UsageError(`${printable(path)} cannot be read`, 'its symbolic links lead in a circle');
}
