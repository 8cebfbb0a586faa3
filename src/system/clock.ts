/** The time, as an interface, so that tests can change it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/**
 * RFC 3339 in UTC, whole seconds, `Z`: the one form that starship, boto3 and every SDK read alike.
 * Does not use toISOString, which makes V8 determine the machine's time zone.
 */
export function rfc3339(date: Date): string {
  if (Number.isNaN(date.getTime())) throw new RangeError('not a date');
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${String(date.getUTCFullYear()).padStart(4, '0')}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
  return `${day}T${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}Z`;
}

/** Whole seconds since the epoch, rounded down. */
export function epochSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
