import { expect, it } from 'vitest';
import { rfc3339 } from '../../src/system/index.ts';

it.each([
  0,
  -1,
  951_782_399_999,
  951_782_400_000,
  1_700_000_000_000,
  -62_135_596_800_000,
  Date.UTC(9999, 11, 31, 23, 59, 59, 999),
])('the time %i is written as by toISOString, without the fraction', (time) => {
  const date = new Date(time);
  expect(rfc3339(date)).toBe(`${date.toISOString().slice(0, 19)}Z`);
});

it('an invalid date is an error', () => {
  expect(() => rfc3339(new Date(Number.NaN))).toThrow(RangeError);
});
