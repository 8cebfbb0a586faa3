import { Secret, TOTP } from 'otpauth';

/** How long a code lasts, in milliseconds: the virtual MFA devices of AWS use the default of RFC 6238. */
export const totpStep = 30_000;

/**
 * The six digits that a device with this seed (base32, as AWS shows it) displays at a time in epoch
 * milliseconds.
 */
export function totp(seed: string, time: number): string {
  return new TOTP({ secret: Secret.fromBase32(seed) }).generate({ timestamp: time });
}

/** A new seed: 64 base32 characters, as from CreateVirtualMFADevice. */
export function newSeed(): string {
  return new Secret({ size: 40 }).base32;
}

/** A user's virtual MFA device. */
export class MfaDevice {
  readonly #usedSteps = new Set<number>();

  constructor(
    readonly serial: string,
    readonly seed: string,
    readonly enabledAt: Date,
    /** A code that is always shown and always accepted, for a demo; null for a device as in AWS. */
    private readonly fixedCode: string | null = null,
  ) {}

  /** Accepts a code of this step or its neighbours, each of them once. */
  accept(code: string, time: number): boolean {
    if (this.fixedCode !== null) return code === this.fixedCode;
    const step = this.#unusedSteps(time).find((candidate) => totp(this.seed, candidate * totpStep) === code);
    if (step === undefined) return false;
    this.#usedSteps.add(step);
    return true;
  }

  /**
   * The code that the device shows. If it was already used, a neighbouring one, which AWS accepts
   * as well: up to three sign-ins in half a minute without waiting.
   */
  code(time: number): string {
    if (this.fixedCode !== null) return this.fixedCode;
    const step = this.#unusedSteps(time)[0];
    return totp(this.seed, step === undefined ? time : step * totpStep);
  }

  #unusedSteps(time: number): number[] {
    const now = Math.floor(time / totpStep);
    return [now, now + 1, now - 1].filter((step) => !this.#usedSteps.has(step));
  }
}
