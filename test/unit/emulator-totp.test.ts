import { expect, test } from 'vitest';
import { MfaDevice, totp } from '../../src/demo/emulator/index.ts';

// RFC 6238, appendix B: the ASCII seed "12345678901234567890", the last six of its eight digits.
const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const now = 1_700_000_010_000;

test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('at %i s the device shows %s', (seconds, code) => {
  expect(totp(seed, seconds * 1000)).toBe(code);
});

test.each([
  ['from two steps ago', -60_000, false],
  ['from the step before', -30_000, true],
  ['of now', 0, true],
  ['of the next step', 30_000, true],
  ['of the step after that', 60_000, false],
])('a code %s: accepted %s', (_, distance, accepted) => {
  const device = new MfaDevice('arn:aws:iam::123456789012:mfa/demo', seed, new Date(now));
  expect(device.accept(totp(seed, now + distance), now)).toBe(accepted);
});

test('a code is accepted once, and the device then shows one that still works', () => {
  const device = new MfaDevice('arn:aws:iam::123456789012:mfa/demo', seed, new Date(now));
  const first = device.code(now);
  expect(first).toBe(totp(seed, now));
  expect(device.accept(first, now)).toBe(true);
  expect(device.accept(first, now)).toBe(false);
  expect(device.accept(device.code(now), now)).toBe(true);
});
