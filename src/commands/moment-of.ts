import { parseDuration, printable, UsageError } from '../system/index.ts';

/** `2026-11-30`, `2026-11-30 18:10:02` (as `awsh log` prints it), `2026-11-30T18:10Z`, `…+02:00`. */
const dateForm =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?\s?(Z|[+-]\d\d:?\d\d)?)?$/i;

/**
 * The moment that `--since` names, in milliseconds since the epoch: a duration before `now`,
 * `today`, `yesterday`, or a date. A date without a zone is local, or in UTC if `utc` is true.
 * Throws UsageError for any other text.
 */
export function momentOf(option: string, text: string, { now, utc }: { now: number; utc: boolean }): number {
  const seconds = parseDuration(text);
  if (seconds !== null && seconds > 0) return now - seconds * 1000;
  const day = ['today', 'yesterday'].indexOf(text.toLowerCase());
  const moment = day === -1 ? dateMoment(text, utc) : midnight(now, day, utc);
  if (moment !== null) return moment;
  throw new UsageError(
    `${option} is not a time: ${JSON.stringify(printable(text))}`,
    'a time is a duration (2d, 90m), yesterday, or a date (2026-11-30, 2026-11-30T18:10)',
  );
}

/** The beginning of the day that was `daysAgo` days before `now`. */
function midnight(now: number, daysAgo: number, utc: boolean): number {
  const date = new Date(now);
  return utc
    ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() - daysAgo)
    : new Date(date.getFullYear(), date.getMonth(), date.getDate() - daysAgo).getTime();
}

/** Null for a text of another form, and for a day or a time that does not exist. */
function dateMoment(text: string, utc: boolean): number | null {
  const [, year, month, day, hour = '00', minute = '00', second = '00', zone] = dateForm.exec(text) ?? [];
  const asUtc = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // Date.parse reads 30 February as a day in March.
  if (Number.isNaN(asUtc) || new Date(asUtc).getUTCDate() !== Number(day)) return null;
  if (zone !== undefined) return asUtc - zoneMinutes(zone) * 60_000;
  return utc ? asUtc : Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}`);
}

function zoneMinutes(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  const size = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return sign === '-' ? -size : size;
}
