import { afterEach, describe, expect, it, vi } from 'vitest';
import { momentOf } from '../../src/commands/moment-of.ts';
import { UsageError } from '../../src/system/index.ts';

const now = Date.parse('2026-12-01T00:30:00Z');
const shownMoment = (text: string, utc = false) =>
  new Date(momentOf('--since', text, { now, utc })).toISOString().replace('.000', '');

describe('a time on the command line', () => {
  afterEach(() => void vi.unstubAllEnvs());

  it.each([
    ['90m', '2026-11-30T23:00:00Z'],
    ['2d', '2026-11-29T00:30:00Z'],
    ['1h30m', '2026-11-30T23:00:00Z'],
    ['today', '2026-12-01T00:00:00Z'],
    ['Yesterday', '2026-11-30T00:00:00Z'],
    ['2026-11-30', '2026-11-30T00:00:00Z'],
    ['2026-11-30 18:10:02', '2026-11-30T18:10:02Z'],
    ['2026-11-30T18:10', '2026-11-30T18:10:00Z'],
    ['2026-11-30T18:10:02.123Z', '2026-11-30T18:10:02Z'],
    ['2026-11-30t18:10:02+02:00', '2026-11-30T16:10:02Z'],
    ['2026-11-30 18:10 -0530', '2026-11-30T23:40:00Z'],
    ['2024-02-29', '2024-02-29T00:00:00Z'],
  ])('may be %s', (text, moment) => expect(shownMoment(text, true)).toBe(moment));

  it.each([
    ['America/New_York', 'today', '2026-11-30T05:00:00Z'],
    ['America/New_York', '2026-11-30 18:10', '2026-11-30T23:10:00Z'],
    ['America/New_York', '2026-11-30 18:10Z', '2026-11-30T18:10:00Z'],
    // The clock was set back by an hour between this day's beginning and the next one's.
    ['America/New_York', '2026-11-01', '2026-11-01T04:00:00Z'],
    ['Asia/Tokyo', 'yesterday', '2026-11-29T15:00:00Z'],
  ])('is local in %s: %s', (zone, text, moment) => {
    vi.stubEnv('TZ', zone);
    expect(shownMoment(text)).toBe(moment);
  });

  it.each([
    '',
    '0',
    '0s',
    '-1h',
    '1y',
    'tomorrow',
    '2026-11',
    '2026-02-30',
    '2026-13-01',
    '2026-11-30T24:10',
  ])('is not %j', (text) => {
    const why = expect.stringContaining('a duration (2d, 90m), yesterday, or a date');
    expect(() => shownMoment(text)).toThrow(UsageError);
    expect(() => shownMoment(text)).toThrow(`--since is not a time: ${JSON.stringify(text)}`);
    expect(() => shownMoment(text)).toThrow(expect.objectContaining({ why }));
  });
});
