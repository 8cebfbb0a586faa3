import type { Prompter } from '../prompt/index.ts';
import { PersonNeededError, printable, RefusedError, UsageError } from '../system/index.ts';
import type { CallStep } from './plan-steps.ts';

/** The MFA codes of one run: none is ever sent twice, since AWS takes each code once. */
export class MfaCodes {
  readonly #sent = new Set<string>();

  constructor(
    private readonly prompter: Prompter,
    private given: string | undefined,
  ) {
    if (given !== undefined && !/^[0-9]{6}$/.test(given)) {
      throw new UsageError('the MFA code must be six digits');
    }
  }

  /** PersonNeededError (exit 6) where the step wants a code and nobody can give one. */
  requireSomebody({ profile, mfaSerial }: CallStep): void {
    if (mfaSerial === null || this.given !== undefined || this.prompter.canAsk) return;
    throw new PersonNeededError(
      `profile ${JSON.stringify(printable(profile))} needs an MFA code`,
      `nobody can be asked here for what ${printable(mfaSerial)} shows`,
      'run it in a terminal, or give the code with --mfa-token',
    );
  }

  /** The next code to send for this step: the one given beforehand, else what the person answers. */
  async next({ profile, mfaSerial }: CallStep): Promise<string> {
    for (let asked = 0; asked < 3; asked++) {
      const code = this.given ?? (await this.prompter.code(question(profile, mfaSerial)));
      this.given = undefined;
      if (!this.#sent.has(code)) {
        this.#sent.add(code);
        return code;
      }
      this.prompter.tell('this code was sent before, and AWS takes each code once: wait for the next');
    }
    throw new RefusedError(
      'the same MFA code was given again',
      'AWS takes each code once',
      'wait for the next code and try again',
    );
  }

  /** True where another code may be had after one was refused. */
  get canAskAgain(): boolean {
    return this.prompter.canAsk && this.#sent.size < 2;
  }
}

function question(profile: string, serial: string | null): string {
  return `MFA code for ${printable(profile)} (${printable(serial ?? '')})`;
}
