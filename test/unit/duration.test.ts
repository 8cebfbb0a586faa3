import { expect, test } from 'vitest';
import { goDuration, parseDuration } from '../../src/system/index.ts';

test.each([
  ['1h30m', 5400],
  ['1h30m0s', 5400],
  ['+15m', 900],
  ['.5h', 1800],
  ['1.5h', 5400],
  ['1.h', 3600],
  ['900000ms', 900],
  ['900000000µs', 900],
  ['900000000μs', 900],
  ['', null],
  ['90', null],
  ['-1h', null],
  ['1d', 86_400],
  ['1w2d3h', 788_400],
  ['1.5d', 129_600],
  ['1 d', null],
  ['.h', null],
  ['1h 30m', null],
])('%j is %s seconds, as in Go', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each([
  [0, '0s'],
  [50, '50s'],
  [3589, '59m49s'],
  [3600, '1h0m0s'],
  [5405.9, '1h30m5s'],
])('%s seconds are %j, as in Go', (seconds, text) => {
  expect(goDuration(seconds)).toBe(text);
});
