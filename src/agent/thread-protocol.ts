import * as fs from 'node:fs';

/** What the agent and its thread (src/entry/command-thread.ts) give each other. */
export interface ThreadData {
  /** Of the build that both must come from. */
  readonly word: string;
  /** TZ of the agent, or null. */
  readonly zone: string | null;
  /** /etc/localtime as it was when the agent started. */
  readonly localTime: string;
}

export interface ThreadQuestion {
  readonly id: number;
  /** The request `run` without its first line's token. */
  readonly text: string;
}

/** What Node would do for the same command. */
export interface ThreadAnswer {
  readonly status: number;
  /** The lines for stderr, which come first. */
  readonly told: string;
  readonly printed: string;
}

/** Identifies a file. V8 reads the time zone once, so a traveller's agent keeps the one before. */
export function markOf(file: string): string {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.dev} ${stat.ino} ${stat.mtimeMs}`;
}
