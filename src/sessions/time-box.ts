/** A time after which a shell gives a profile up, whatever the session's own end is. */
import { parseDuration } from '../system/index.ts';

export interface TimeBox {
  /** How long it is as a whole. */
  readonly seconds: number;
  /** When it ends, in epoch seconds. */
  readonly until: number;
}

/** `15m@tk3b9c`: the end is exact and says nothing about time zones, for a word that shells hand on. */
export function boxMark({ seconds, until }: TimeBox): string {
  const length =
    seconds % 3600 === 0 ? `${seconds / 3600}h` : seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
  return `${length}@${until.toString(36)}`;
}

export const boxPattern = '[0-9]{1,6}[hms]@[0-9a-z]{6,7}';

/** Null for any other text. */
export function boxOfMark(text: string): TimeBox | null {
  const [, length = '', until = ''] = /^([0-9]{1,6}[hms])@([0-9a-z]{6,7})$/.exec(text) ?? [];
  const seconds = parseDuration(length);
  return seconds === null ? null : { seconds, until: Number.parseInt(until, 36) };
}

const hour = 3600;
const step = 900;

/**
 * The longest that a session is asked for, in seconds. All shells of a box of an hour or less share one session. In a longer one
 * the usual session is used until the last hour. `now` in epoch seconds.
 */
export function longestInBox({ seconds, until }: TimeBox, now: number): number | undefined {
  if (seconds <= hour) return seconds;
  const left = until - now;
  return left > hour ? undefined : Math.max(1, Math.ceil(left / step)) * step;
}
