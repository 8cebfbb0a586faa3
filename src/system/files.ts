import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { hasCode } from './error-code.ts';
import { AwshError, UsageError } from './errors.ts';
import { printable } from './printable.ts';
import { directoryFault, makePrivateDirectory } from './private-directory.ts';
import { quotePosix } from './quote-posix.ts';

/**
 * Makes a folder of our own, 0700 whatever the umask, with its parents; refuses one that is a symbolic link, belongs
 * to somebody else, or lets others in.
 */
export function ensurePrivateDirectory(path: string): void {
  makePrivateDirectory(path);
  checkPrivateDirectory(path);
}

/** Refuses a folder that is no place for secrets: see {@link directoryFault}. */
export function checkPrivateDirectory(path: string): void {
  const fault = directoryFault(path);
  if (fault === null) return;
  const shown = printable(path);
  const word = quotePosix(shown);
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
  const link = quotePosix(printable(path));
  try {
    const target = fs.realpathSync(path);
    const { uid } = fs.statSync(target);
    if (uid === process.getuid?.()) return `rm ${link} && mv ${quotePosix(printable(target))} ${link}`;
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
 * Replaces a file as a whole: a new file of a random name beside it, opened exclusively, synced, renamed over it. A
 * crash leaves the old or the new content, a planted symbolic link is replaced and not followed. If `mayReplace` says no, the
 * moment before the rename, nothing is changed and the answer is false.
 */
export function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  mode = 0o600,
  mayReplace: () => boolean = () => true,
): boolean {
  const temporary = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomBytes(8).toString('hex')}`);
  const fd = fs.openSync(temporary, 'wx', mode);
  try {
    try {
      fs.fchmodSync(fd, mode);
      fs.writeFileSync(fd, data);
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    if (!mayReplace()) {
      fs.rmSync(temporary, { force: true });
      return false;
    }
    fs.renameSync(temporary, path);
    return true;
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

/** The file's text, or null where there is no such file. */
export function readFileIfThere(path: string): string | null {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
}
