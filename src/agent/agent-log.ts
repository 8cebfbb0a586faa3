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

/** Two files of at most this size: the log, and the previous one. */
const mostBytes = 256 * 1024;

/** Never opens a symbolic link in its place. */
const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW } = fs.constants;
const appending = O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW;

/**
 * `$XDG_STATE_HOME/awsh/agent.log`: what the agent did. Lines contain names and causes, never a
 * secret.
 */
export class AgentLog {
  readonly path: string;
  readonly #clock: Clock;
  #last = { line: '', times: 0 };

  constructor(paths: Pick<AppPaths, 'state'>, clock: Clock) {
    this.path = join(paths.state, 'agent.log');
    this.#clock = clock;
    // Only here: if the folder disappears later, its home was removed, and a log must not create a
    // part of it again.
    try {
      ensurePrivateDirectory(paths.state);
    } catch {
      // Then there is no log.
    }
  }

  /**
   * A repeated line is written at its 1st, 10th, 100th … occurrence, so that a broken client cannot
   * fill the log.
   */
  note(line: string): void {
    this.#last = line === this.#last.line ? { line, times: this.#last.times + 1 } : { line, times: 1 };
    const { times } = this.#last;
    if (/^10*$/.test(String(times))) this.#write(times === 1 ? line : `${line} (${times} times)`);
  }

  /** The agent continues to serve sessions if the disk is full or missing. */
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
      // The agent's stderr has no reader, so there is nowhere else to report it.
    }
  }
}

/**
 * The text of an error for the log: its name, its code, and the first two places in the program.
 * Not its message, which could quote anything: the stack is read after the message, and not used if
 * it does not begin with it.
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
