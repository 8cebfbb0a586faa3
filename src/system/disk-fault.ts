import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { AwshError } from './errors.ts';
import { printable } from './printable.ts';
import { shellWord } from './quote-posix.ts';

/** The explanation of an operating system error: the second and third line of an error message. */
export interface DiskFault {
  readonly path: string | null;
  readonly why: string;
  readonly next: string;
}

/** `path` is quoted for a shell, `plain` is not. */
type Explain = (path: string, plain: string) => readonly [why: string, next: string];

const look: Explain = (path) => ['permission denied', `ls -ld ${path}`];
const denied: Explain = (path, plain) =>
  isClosedToUs(plain)
    ? ['its owner may not enter a directory above it', `chmod u+rwx ${path}`]
    : (readOnlyFolder(plain) ?? look(path, plain));
const full: Explain = (path) =>
  hasNoInodes(path)
    ? ['the file system has no inode left for another file', `df -i ${path}`]
    : ['the disk is full', `df -h ${path}`];
const broken: Explain = (path) => ['the disk reports an error', `ls -ld ${path}`];
const notPlain: Explain = (path) => ['it is not a plain file in a plain directory', `ls -ld ${path}`];
const tooFewFiles: Explain = () => ['ulimit -n allows too few open files here', 'ulimit -n 1024'];

/** By the code of Node's system error. */
const explanations: Readonly<Record<string, Explain>> = {
  EACCES: denied,
  EPERM: look,
  EROFS: (path) => ['its file system is read-only', `ls -ld ${path}`],
  ENOSPC: full,
  EDQUOT: (path) => ['the disk quota is used up', `df -h ${path}`],
  EFBIG: () => ['this shell may not write files of that size', 'ulimit -f unlimited'],
  EMFILE: tooFewFiles,
  ENFILE: () => ['too many files are open on this machine', 'ulimit -n'],
  ENOHOME: () => [
    'HOME is not an absolute path, and the user database names no home',
    'export HOME="$(mktemp -d)"',
  ],
  ENOENT: (path) => ['there is no such file or directory', `ls -ld ${path}`],
  EBUSY: (path) => ['it is a mount point, which cannot be replaced', `findmnt ${path}`],
  ENOTDIR: notPlain,
  EISDIR: notPlain,
  ELOOP: notPlain,
  ENAMETOOLONG: (path) => ['its name is too long for the file system', `ls -ld ${path}`],
  EIO: broken,
  ENXIO: broken,
  ESTALE: broken,
  ENOTCONN: broken,
  ENODEV: broken,
};

/**
 * The explanation if the error, or one of its causes, is a system error about files; else null.
 * `about`: the path, if the error does not name one.
 */
export function diskFault(error: unknown, about: string | null = null): DiskFault | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (!('code' in cause) || 'spawnargs' in cause || isOfNetwork(cause)) continue;
    const explain = Object.hasOwn(explanations, String(cause.code)) && explanations[String(cause.code)];
    if (!explain) continue;
    const path = 'path' in cause && typeof cause.path === 'string' ? cause.path : about;
    const [why, next] = explainAt(explain, nearest(path ?? '/'));
    return { path, why, next };
  }
  return null;
}

function explainAt(explain: Explain, path: string): ReturnType<Explain> {
  return explain(shellWord(path), path);
}

/**
 * A directory of the user's own without the permission bits for its owner, as after a umask of 177.
 */
function isClosedToUs(path: string): boolean {
  try {
    const stat = fs.lstatSync(path);
    return stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o100) === 0;
  } catch {
    return false;
  }
}

/** A directory of the user's own that its owner may not write to: itself, or the one of the file. */
function readOnlyFolder(path: string): ReturnType<Explain> | null {
  try {
    const folder = fs.lstatSync(path).isDirectory() ? path : dirname(path);
    const { uid, mode } = fs.lstatSync(folder);
    const isReadOnly = uid === process.getuid?.() && (mode & 0o300) === 0o100;
    return isReadOnly
      ? ['its owner may not write to that directory', `chmod u+w ${shellWord(folder)}`]
      : null;
  } catch {
    return null;
  }
}

function isOfNetwork(error: Error): boolean {
  return 'syscall' in error && /^(connect|bind|listen|getaddrinfo)/.test(String(error.syscall));
}

/**
 * The error in three lines, if no other part of awsh has explained it; null if it is not a system
 * error about files.
 */
export function explainDiskFault(error: unknown): AwshError | null {
  const fault = diskFault(error);
  if (fault === null) return null;
  const { path, why, next } = fault;
  const what = path === null ? 'could not write' : `could not use ${printable(path)}`;
  return new AwshError('other', what, why, next, { cause: error });
}

/**
 * The path itself or, if there is no such file yet, the nearest directory above it, for use in a
 * command.
 */
function nearest(path: string): string {
  for (let at = path; ; at = dirname(at)) {
    try {
      fs.lstatSync(at);
      return at;
    } catch {
      if (at === dirname(at)) return at;
    }
  }
}

function hasNoInodes(path: string): boolean {
  try {
    const { files, ffree } = fs.statfsSync(path);
    return files > 0 && ffree === 0;
  } catch {
    return false;
  }
}
