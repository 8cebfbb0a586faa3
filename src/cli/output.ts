import { writeSync } from 'node:fs';
import { AwshError, cutToWidth, diskFault, type Environment, hasCode } from '../system/index.ts';

/** Whoever read stdout has gone (`awsh list | head -1`): not an error, the program ends quietly with 0. */
export class ReaderGoneError extends Error {
  override readonly name = 'ReaderGoneError';
}

/** Where a command writes. */
export interface Output {
  /** Writes a complete answer to stdout, in one piece; ReaderGoneError where nobody reads it. */
  print(text: string): Promise<void>;
  /** One line for the person, on stderr. Text from outside goes through `printable` first. */
  tell(line: string): void;
  /**
   * What is under way, on one line of a terminal's stderr; elsewhere nothing. The next that is written takes its place, and null
   * takes it away. Not while somebody may be asked.
   */
  passing(line: string | null): void;
  readonly stdout: StreamTraits;
  readonly stderr: StreamTraits;
}

/** What a stream can show. */
export interface StreamTraits {
  readonly isTerminal: boolean;
  readonly colours: boolean;
  /** 80 where unknown. */
  readonly columns: number;
}

/** A stream as Node has them: process.stdout, process.stderr, or a test's own. */
export interface WritableText {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string, done?: (error?: Error | null) => void): boolean;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/**
 * What was told on the descriptors. Where a hot-*.cjs leaves the command to main.cjs, which has a copy of this file of its
 * own, that begins anew, and tells none of it a second time.
 */
const told: Set<string> = toldSoFar();

function toldSoFar(): Set<string> {
  const shared = globalThis as { [key: symbol]: Set<string> | undefined };
  const key = Symbol.for('awsh.told');
  shared[key] ??= new Set();
  return shared[key];
}

export function streamOutput(stdout: WritableText, stderr: WritableText, environment: Environment): Output {
  // A write's own callback reports its error; without a listener the stream would raise it a second time.
  stdout.on('error', () => {});
  stderr.on('error', () => {});
  const passing = passingLine(stderr, environment);
  return {
    print: (text) =>
      new Promise((resolve, reject) => {
        passing(null);
        stdout.write(text, (error) => (error ? reject(outputFault(error)) : resolve()));
      }),
    tell: (line) => {
      if (told.delete(line)) return;
      passing(null);
      stderr.write(`${line}\n`);
    },
    passing,
    stdout: traits(stdout, environment),
    stderr: traits(stderr, environment),
  };
}

function passingLine(stderr: WritableText, environment: Environment): Output['passing'] {
  const { isTerminal, columns } = traits(stderr, environment);
  let isShown = false;
  return (line) => {
    if (!isTerminal || environment.TERM === 'dumb') return;
    if (isShown) stderr.write('\r\x1b[K');
    isShown = line !== null;
    // A line that is broken could not be taken away again.
    if (line !== null) stderr.write(cutToWidth(line, columns - 1));
  };
}

/**
 * The same on the descriptors themselves, for who is in a hurry: process.stdout alone loads Node's streams, sockets and
 * terminals.
 */
export function descriptorOutput(environment: Environment): Output {
  const isTerminal = (fd: number) => process.getBuiltinModule('node:tty').isatty(fd);
  const traitsOf = (fd: number, stream: () => WritableText) =>
    traits(isTerminal(fd) ? stream() : { isTTY: false }, environment);
  return {
    async print(text) {
      try {
        writeAll(1, text);
      } catch (error) {
        throw error instanceof Error ? outputFault(error) : error;
      }
    },
    tell(line) {
      told.add(line);
      try {
        writeAll(2, `${line}\n`);
      } catch {
        // Nobody reads it.
      }
    },
    passing() {},
    get stdout() {
      return traitsOf(1, () => process.stdout);
    },
    get stderr() {
      return traitsOf(2, () => process.stderr);
    },
  };
}

/** Whoever gave us the descriptor may have made it one that does not wait: then we do. */
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
  if (hasCode(error, 'EPIPE', 'ERR_STREAM_DESTROYED')) return new ReaderGoneError('nobody reads stdout');
  const fault = diskFault(error);
  return fault === null ? error : new AwshError('other', 'could not write the output', fault.why, fault.next);
}

/** Colours on a terminal alone, and not where NO_COLOR (no-color.org) or a dumb terminal says otherwise. */
function traits(stream: Pick<WritableText, 'isTTY' | 'columns'>, environment: Environment): StreamTraits {
  const isTerminal = stream.isTTY === true;
  return {
    isTerminal,
    colours: isTerminal && !environment.NO_COLOR && environment.TERM !== 'dumb',
    columns: stream.columns || 80,
  };
}
