/** A time after which a shell unloads a profile, whatever the expiry of the session is. */
import { parseDuration } from '../system/index.ts';

export interface TimeBox {
  /** Its whole length in seconds. */
  readonly seconds: number;
  /** Its end, in epoch seconds. */
  readonly until: number;
}

/** `15m@tk3b9c`: an exact end without a time zone, for a word that child shells inherit. */
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

/** In seconds: as much as a clock may be corrected without anyone noticing. */
const correction = 60;

/**
 * `ahead`: it ends later than its length allows, because the clock was set back since it began. Its
 * true end is then unknown. `now` in epoch seconds.
 */
export function stateOfBox({ seconds, until }: TimeBox, now: number): 'open' | 'over' | 'ahead' {
  if (until <= now) return 'over';
  return until > now + seconds + correction ? 'ahead' : 'open';
}

const hour = 3600;
const step = 900;

/**
 * The longest session to request, in seconds. All shells of a box of an hour or less share one
 * session. In a longer box the usual session is used until the last hour. `now` in epoch seconds.
 */
export function longestInBox({ seconds, until }: TimeBox, now: number): number | undefined {
  if (seconds <= hour) return seconds;
  const left = until - now;
  return left > hour ? undefined : Math.max(1, Math.ceil(left / step)) * step;
}
