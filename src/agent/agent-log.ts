import * as fs from 'node:fs';
import { join } from 'node:path';
import {
  type AppPaths,
  type Clock,
  ensurePrivateDirectory,
  printable,
  rfc3339,
  statIfThere,
} from '../system/index.ts';

/** Two files of this size at most: the log, and the one before. */
const mostBytes = 256 * 1024;

/** Never through a link that lies in its place. */
const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW } = fs.constants;
const appending = O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW;

/** `$XDG_STATE_HOME/awsh/agent.log`: what the agent did. Lines hold names and causes, never a secret. */
export class AgentLog {
  readonly path: string;
  readonly #clock: Clock;
  #last = { line: '', times: 0 };

  constructor(paths: Pick<AppPaths, 'state'>, clock: Clock) {
    this.path = join(paths.state, 'agent.log');
    this.#clock = clock;
    // Here alone: where the folder vanishes later, its home was removed, and a log must not bring a piece of it back.
    try {
      ensurePrivateDirectory(paths.state);
    } catch {
      // Then without a log.
    }
  }

  /** A line that repeats itself is written at its 1st, 10th, 100th … time: a client gone wild must not fill it. */
  note(line: string): void {
    this.#last = line === this.#last.line ? { line, times: this.#last.times + 1 } : { line, times: 1 };
    const { times } = this.#last;
    if (/^10*$/.test(String(times))) this.#write(times === 1 ? line : `${line} (${times} times)`);
  }

  /** A disk that is full or gone is no reason to stop serving sessions. */
  #write(line: string): void {
    try {
      if ((statIfThere(this.path)?.size ?? 0) > mostBytes) {
        fs.renameSync(this.path, `${this.path}.1`);
      }
      const when = rfc3339(new Date(this.#clock.now()));
      const fd = fs.openSync(this.path, appending, 0o600);
      try {
        fs.writeSync(fd, `${when} ${process.pid} ${printable(line)}\n`);
      } finally {
        fs.closeSync(fd);
      }
    } catch {
      // Nobody reads the agent's stderr; there is no other place to say it.
    }
  }
}

/**
 * What an error was, for the log: its name, its code, and the first two places in the program. Not its message, which could
 * quote anything: the stack is read behind it, and not at all if the two do not fit.
 */
export function crashText(error: Error): string {
  const code = 'code' in error && /^[A-Z_0-9]{1,60}$/.test(String(error.code)) ? ` ${error.code}` : '';
  const stack = error.stack ?? '';
  const heads = [`${error.name}: ${error.message}\n`, `${error.name}\n`];
  const head = heads.find((text) => stack.startsWith(text));
  const frames = head === undefined ? [] : stack.slice(head.length).split('\n').slice(0, 2);
  const places = frames.flatMap(
    (line) => /^ {4}at (?:[\w.<># ]+ \()?.*?([\w.-]+:\d+:\d+)\)?$/.exec(line)?.[1] ?? [],
  );
  return `crashed: ${error.name}${code}${places.map((place) => ` at ${place}`).join('')}`;
}
