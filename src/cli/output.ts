import { fstatSync, statSync, writeSync } from 'node:fs';
import {
  AwshError,
  cutToWidth,
  diskFault,
  type Environment,
  hasCode,
  withHomeShort,
} from '../system/index.ts';

/**
 * The reader of stdout has closed it (`awsh list | head -1`). This is not an error: the program
 * ends quietly with 0.
 */
export class ReaderGoneError extends Error {
  override readonly name = 'ReaderGoneError';
}

/** The streams that a command writes to. */
export interface Output {
  /**
   * Writes a complete answer to stdout in one piece. Throws ReaderGoneError if stdout has no
   * reader.
   */
  print(text: string): Promise<void>;
  /**
   * Prints one line for the user on stderr. Text from outside must go through `printable` first.
   */
  tell(line: string): void;
  /**
   * Shows the work in progress on one line of stderr if it is a terminal; otherwise does nothing.
   * The next output replaces the line, and null removes it. Must not be used while the user may be
   * asked something.
   */
  passing(line: string | null): void;
  readonly stdout: StreamTraits;
  readonly stderr: StreamTraits;
}

/** The display properties of a stream. */
export interface StreamTraits {
  readonly isTerminal: boolean;
  readonly colours: boolean;
  /** 80 if unknown. */
  readonly columns: number;
}

/** A stream as Node provides it: process.stdout, process.stderr, or a test's own. */
export interface WritableText {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string, done?: (error?: Error | null) => void): boolean;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export function streamOutput(stdout: WritableText, stderr: WritableText, environment: Environment): Output {
  // The callback of each write reports its error; without a listener the stream would throw it a
  // second time.
  stdout.on('error', () => {});
  stderr.on('error', () => {});
  const passing = passingLine(stderr, environment);
  // What the launcher has printed for this command already, before it could not write to stdout.
  let before = environment.AWSH_TOLD ?? '';
  return {
    print: (text) =>
      new Promise((resolve, reject) => {
        passing(null);
        stdout.write(text, (error) => (error ? reject(outputFault(error)) : resolve()));
      }),
    tell: (line) => {
      const shown = `${shownLine(line, environment)}\n`;
      if (before.startsWith(shown)) {
        before = before.slice(shown.length);
        return;
      }
      passing(null);
      stderr.write(shown);
    },
    passing,
    get stdout() {
      return traits(stdout, environment);
    },
    get stderr() {
      return traits(stderr, environment);
    },
  };
}

/** The three lines of an error come with the home as `~`, except in the next command. */
export function shownLine(line: string, { HOME }: Environment): string {
  return line.includes('\n') ? line : withHomeShort(line, HOME);
}

function passingLine(stderr: WritableText, environment: Environment): Output['passing'] {
  let isShown = false;
  return (line) => {
    if (line === null && !isShown) return;
    const { isTerminal, columns } = traits(stderr, environment);
    if (!isTerminal || environment.TERM === 'dumb') return;
    if (isShown) stderr.write('\r\x1b[K');
    isShown = line !== null;
    // A wrapped line could not be removed again.
    if (line !== null) stderr.write(cutToWidth(line, columns - 1));
  };
}

/**
 * stdout or stderr by its descriptor. process.stdout loads Node's streams, and at a terminal its
 * sockets: 6 % of the processor time of `list` (bench/build-pieces.ts).
 */
export function descriptorStream(fd: 1 | 2): WritableText {
  return {
    get isTTY() {
      return isTerminal(fd);
    },
    get columns() {
      return isTerminal(fd) ? (fd === 1 ? process.stdout : process.stderr).columns : 0;
    },
    write(text, done) {
      try {
        writeAll(fd, text);
      } catch (error) {
        done?.(error as Error);
        return false;
      }
      done?.();
      return true;
    },
    on() {},
  };
}

/** Most scripts have a file, a pipe or /dev/null there. Only node:tty recognises a terminal. */
function isTerminal(fd: number): boolean {
  try {
    const stat = fstatSync(fd);
    if (!stat.isCharacterDevice() || stat.rdev === statSync('/dev/null').rdev) return false;
  } catch {
    return false;
  }
  return process.getBuiltinModule('node:tty').isatty(fd);
}

/**
 * Another process may have made the descriptor non-blocking, so this waits until it can be written.
 */
function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if (!hasCode(error, 'EAGAIN')) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function outputFault(error: Error): Error {
  if (hasCode(error, 'EPIPE', 'ERR_STREAM_DESTROYED')) return new ReaderGoneError('stdout has no reader');
  if (hasCode(error, 'EBADF'))
    return new AwshError(
      'other',
      'could not write the output',
      'stdout is closed',
      'try again without closing it',
    );
  const fault = diskFault(error);
  return fault === null ? error : new AwshError('other', 'could not write the output', fault.why, fault.next);
}

/**
 * Colours only on a terminal, and not if NO_COLOR (no-color.org) is set or the terminal is dumb.
 */
export function traits(
  stream: Pick<WritableText, 'isTTY' | 'columns'>,
  environment: Environment,
): StreamTraits {
  const isTerminal = stream.isTTY === true;
  return {
    isTerminal,
    colours: isTerminal && !environment.NO_COLOR && environment.TERM !== 'dumb',
    columns: stream.columns || 80,
  };
}
