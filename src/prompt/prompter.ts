import type { AwshError, Secret } from '../system/index.ts';

/**
 * Asks the user. Every method throws PersonNeededError (exit 6) at once if the user cannot be
 * asked, and CancelledError (exit 130) on Ctrl-C or end of input. Questions go to the terminal
 * itself, never to stdin or stdout, and discard input typed ahead. A refused answer is asked for
 * again, with the reason, three times in all; then the question's own error is thrown, or
 * RefusedError (exit 7).
 */
export interface Prompter {
  readonly canAsk: boolean;
  /**
   * Only if it differs from `canAsk`: a device gives the codes, even if the user cannot be asked.
   */
  readonly canGiveCode?: boolean;
  /** Why the user cannot be asked, if it is not simply a missing terminal. */
  readonly obstacle?: string | undefined;
  /** The program that should ask, if it cannot be used. */
  readonly brokenProgram?: string | undefined;
  /** A six-digit MFA code. `serial` names the device, for programs that read codes from one. */
  code(question: string, serial?: string): Promise<string>;
  /** Hidden input; not even its length is shown. */
  secret(question: string, form?: AnswerForm<Secret>): Promise<Secret>;
  /** A line of text; empty input returns `initial` if there is one. */
  text(question: string, initial?: string, form?: AnswerForm<string>): Promise<string>;
  /** Yes or no; empty input returns `initial`, which is no by default. */
  confirm(question: string, initial?: 'yes' | 'no'): Promise<boolean>;
  /** Prints one line for the user, above the next question. */
  tell(line: string): void;
}

/** The requirements for an answer. */
export interface AnswerForm<T> {
  /** One short line that tells why this is not accepted; null if it is. */
  readonly fault?: (answer: T) => string | null | Promise<string | null>;
  /**
   * The form of input that may be shown while it is typed. Anything else is hidden, because it may
   * be a pasted secret.
   */
  readonly shown?: RegExp;
  /**
   * The next question follows at once. The terminal stays in raw mode in between, and the rest of a
   * paste is kept for it.
   */
  readonly holds?: boolean;
  /**
   * The line after the previous answer, in the same paste, is the first answer to this question.
   */
  readonly takesRestOfPaste?: boolean;
  /** Lines of a paste that come before the answer and are skipped. */
  readonly skips?: RegExp;
  /** How often it is asked; three times by default. */
  readonly tries?: number;
  /** The error after three refused answers. */
  readonly givenUp?: (fault: string) => AwshError;
}
