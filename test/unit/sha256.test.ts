import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/sessions/sha256.ts';

describe('the SHA-256 of src/sessions', () => {
  it('equals the standard’s examples (FIPS 180-2, appendix B)', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(sha256('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')).toBe(
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    );
  });

  it('equals Node’s, for texts of any length and any characters', () => {
    const text = Array.from({ length: 400 }, (_, i) => String.fromCodePoint(1 + ((i * 7919) % 0xd7ff))).join(
      '',
    );
    for (let length = 0; length <= 400; length++) {
      const part = text.slice(400 - length);
      expect(sha256(part), String(length)).toBe(createHash('sha256').update(part).digest('hex'));
    }
    const long = 'a'.repeat(1_000_000);
    expect(sha256(long)).toBe(createHash('sha256').update(long).digest('hex'));
  });
});
