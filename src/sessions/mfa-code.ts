import type { Prompter } from '../prompt/index.ts';
import {
  type Clock,
  cancelledFor,
  PersonNeededError,
  printable,
  RefusedError,
  UsageError,
} from '../system/index.ts';
import type { CallStep } from './plan-steps.ts';
import type { CommandUse } from './run-command.ts';
import type { Surroundings } from './surroundings.ts';

/** The sources of codes. */
export interface CodeSources {
  readonly prompter: Prompter;
  readonly clock: Clock;
  readonly surroundings: Surroundings;
  readonly commands: CommandUse;
  readonly promptMs?: number | undefined;
  /** A code from the command line: six digits. */
  readonly given: string | undefined;
  readonly say: (line: string) => void;
  /** Waits until the device shows another code; a test replaces the half minute that this takes. */
  readonly untilNextCode?: (clock: Clock) => Promise<void>;
}

/** The MFA codes of one run. No code is sent twice, because AWS accepts each code once. */
export class MfaCodes {
  readonly #sent = new Set<string>();
  #given: string | undefined;

  constructor(private readonly from: CodeSources) {
    this.#given = from.given;
    if (from.given !== undefined && !/^[0-9]{6}$/.test(from.given)) {
      throw new UsageError('the MFA code must be six digits');
    }
  }

  /** Throws PersonNeededError (exit 6) if the step needs a code and there is no source for one. */
  requireSomebody(step: CallStep): void {
    const { profile, mfaSerial, mfaProcess } = step;
    if (mfaSerial === null || mfaProcess !== null || this.#given !== undefined || this.#canHaveCode) return;
    throw new PersonNeededError(
      `profile ${JSON.stringify(printable(profile))} needs an MFA code`,
      this.from.prompter.obstacle ?? `the code that ${printable(mfaSerial)} shows cannot be asked for here`,
      'run it in a terminal, or give the code with --mfa-token',
      'MFA',
      this.from.prompter.brokenProgram ?? null,
    );
  }

  /** The source that will be asked for a code; null if this step needs none, or has one. */
  asks({ mfaSerial, mfaProcess }: CallStep): 'user' | 'program' | null {
    if (mfaSerial === null || this.#given !== undefined) return null;
    return mfaProcess === null ? 'user' : 'program';
  }

  /**
   * The next code for this step: the one from the command line, else the answer of its mfa_process
   * or the user.
   */
  async next(step: CallStep): Promise<string> {
    for (let asked = 0; asked < 3; asked++) {
      const code = await this.#ask(step);
      if (!this.#sent.has(code)) {
        this.#sent.add(code);
        return code;
      }
      if (step.mfaProcess === null) {
        this.from.prompter.tell(
          'this code was sent before, and AWS accepts each code only once: wait for the next one',
        );
      } else {
        await this.#wait();
      }
    }
    throw new RefusedError(
      'the same MFA code was entered again',
      'AWS accepts each code only once',
      'wait for the next code and try again',
    );
  }

  async #ask(step: CallStep): Promise<string> {
    const { prompter, surroundings, commands: use, promptMs } = this.from;
    const given = this.#given;
    this.#given = undefined;
    if (given !== undefined) return given;
    if (step.mfaProcess === null)
      return prompter.code(question(step), step.mfaSerial ?? undefined).catch(cancelledFor('MFA'));
    const { codeFromProcess } = await import('./mfa-process.ts');
    return codeFromProcess(step, { surroundings, use, promptMs });
  }

  /**
   * After AWS refused a code: true if another one can be requested. Tells the user that it was
   * refused.
   */
  tryAgain({ mfaProcess }: CallStep): boolean {
    if (this.#sent.size >= 2) return false;
    if (mfaProcess !== null) return true;
    if (!this.#canHaveCode) return false;
    this.from.prompter.tell('AWS refused that code: wait until the device shows the next one');
    return true;
  }

  get #canHaveCode(): boolean {
    return this.from.prompter.canGiveCode ?? this.from.prompter.canAsk;
  }

  async #wait(): Promise<void> {
    this.from.say('that MFA code was used already, waiting for the next one');
    const { untilNextCode } = await import('./mfa-process.ts');
    await (this.from.untilNextCode ?? untilNextCode)(this.from.clock);
  }
}

function question({ profile, mfaSerial }: CallStep): string {
  return `MFA code for ${printable(profile)} (${printable(mfaSerial ?? '')})`;
}
