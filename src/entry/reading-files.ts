// node:fs for the agent's thread: it reads plain files and folders, and never waits.
import * as fs from 'node:fs';

/** Reading functions whose first argument is a path or a descriptor, and which cannot wait. */
const reading = {
  accessSync: fs.accessSync,
  closeSync: fs.closeSync,
  existsSync: fs.existsSync,
  fstatSync: fs.fstatSync,
  lstatSync: fs.lstatSync,
  readSync: fs.readSync,
  readdirSync: fs.readdirSync,
  readlinkSync: fs.readlinkSync,
  statSync: fs.statSync,
};

const { O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND, O_NONBLOCK } = fs.constants;
const writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;
const mostBytes = 16 * 1024 * 1024;

type Leave = () => never;

/** The module in place of node:fs. Everything but reading calls `leave`. */
export function readingFiles(leave: Leave): typeof fs {
  /** A relative path, or one below /dev or /proc, would be the agent's own. */
  const checked = <T>(path: T): T =>
    typeof path === 'string' && !/^\/(?!(dev|proc)(\/|$))/.test(path) ? leave() : path;
  const isPlain = (stat: fs.Stats) => (stat.isFile() && stat.size <= mostBytes) || stat.isDirectory();

  /**
   * A pipe is not opened, because its writer would notice. Another process may exchange the file in
   * between, so it is also checked when it is open.
   */
  function openSync(path: string, flags: number | string = 'r'): number {
    if (flags !== 'r' && (typeof flags !== 'number' || (flags & writing) !== 0)) leave();
    const before = fs.statSync(checked(path), { throwIfNoEntry: false });
    if (before !== undefined && !isPlain(before)) leave();
    const fd = fs.openSync(path, (flags === 'r' ? O_RDONLY : flags) | O_NONBLOCK);
    if (isPlain(fs.fstatSync(fd))) return fd;
    fs.closeSync(fd);
    return leave();
  }

  function readFileSync(file: string | number, options?: BufferEncoding) {
    if (typeof file === 'number') return fs.readFileSync(file, options);
    const fd = openSync(file);
    try {
      return fs.readFileSync(fd, options);
    } finally {
      fs.closeSync(fd);
    }
  }

  const realpathSync = Object.assign((path: string) => fs.realpathSync(checked(path)), {
    native: (path: string) => fs.realpathSync.native(checked(path)),
  });
  const plain = Object.entries(reading).map(([name, read]) => [
    name,
    (path: string, ...rest: never[]) => (read as (...given: unknown[]) => unknown)(checked(path), ...rest),
  ]);
  const functions: Record<string, unknown> = {
    ...Object.fromEntries(plain),
    openSync,
    readFileSync,
    realpathSync,
    constants: fs.constants,
  };
  return unavailable(leave, functions) as typeof fs;
}

/** A module with these functions; all others call `leave`. */
export function unavailable(leave: Leave, functions: Record<string, unknown> = {}): object {
  return new Proxy(functions, {
    get: (_, name) => (typeof name === 'string' && Object.hasOwn(functions, name) ? functions[name] : leave),
  });
}
