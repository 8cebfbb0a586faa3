import { createHmac, randomBytes } from 'node:crypto';

/** How long one code stands, in milliseconds: AWS's virtual MFA devices use RFC 6238's default. */
export const totpStep = 30_000;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The six digits that a device with this seed (base32, as AWS shows it) displays at a time in epoch milliseconds (RFC 6238, SHA-1). */
export function totp(seed: string, time: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(time / totpStep)));
  const digest = createHmac('sha1', decodeBase32(seed)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0x0f;
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** A new seed: 64 base32 characters, as CreateVirtualMFADevice gives. */
export function newSeed(): string {
  return Array.from(randomBytes(64), (byte) => alphabet[byte % 32]).join('');
}

/** A user's virtual MFA device. */
export class MfaDevice {
  readonly #usedSteps = new Set<number>();

  constructor(
    readonly serial: string,
    readonly seed: string,
    readonly enabledAt: Date,
  ) {}

  /** Takes a code of this step or its neighbours, each of them once. */
  accept(code: string, time: number): boolean {
    const step = this.#unusedSteps(time).find((candidate) => totp(this.seed, candidate * totpStep) === code);
    if (step === undefined) return false;
    this.#usedSteps.add(step);
    return true;
  }

  /**
   * What the device shows. Where that code was used already it is a neighbouring one, which AWS accepts as well: up
   * to three sign-ins in half a minute without waiting.
   */
  code(time: number): string {
    const step = this.#unusedSteps(time)[0];
    return totp(this.seed, step === undefined ? time : step * totpStep);
  }

  #unusedSteps(time: number): number[] {
    const now = Math.floor(time / totpStep);
    return [now, now + 1, now - 1].filter((step) => !this.#usedSteps.has(step));
  }
}

function decodeBase32(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of text.toUpperCase().replace(/=+$/, '')) {
    const value = alphabet.indexOf(letter);
    if (value < 0) throw new Error(`not a base32 seed: ${JSON.stringify(letter)} in it`);
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 0xff);
  }
  return Buffer.from(bytes);
}
