import type { AwshError, Secret } from '../system/index.ts';

/**
 * Asks a person. Every method throws PersonNeededError (exit 6) at once where nobody can be asked, and CancelledError
 * (exit 130) on Ctrl-C or end of input. Questions go to the terminal itself, never to stdin or stdout, and throw away
 * what was typed ahead. A refused answer is asked for again, with the reason, three times in all; then RefusedError (exit 7),
 * unless the question has an error of its own.
 */
export interface Prompter {
  readonly canAsk: boolean;
  /** Only where it differs from `canAsk`: a device gives the codes, whether or not somebody is there. */
  readonly canGiveCode?: boolean;
  /** Why nobody can be asked, where it is anything else than a missing terminal. */
  readonly obstacle?: string | undefined;
  /** The program that is to ask, if it cannot be used. */
  readonly brokenProgram?: string | undefined;
  /** A six-digit MFA code. `serial` names the device to what reads codes from one. */
  code(question: string, serial?: string): Promise<string>;
  /** Unseen input, not even its length. */
  secret(question: string, form?: AnswerForm<Secret>): Promise<Secret>;
  /** A line of text; empty input gives `initial` where there is one. */
  text(question: string, initial?: string, form?: AnswerForm<string>): Promise<string>;
  /** Yes or no; empty input is `initial`, no unless told. */
  confirm(question: string, initial?: 'yes' | 'no'): Promise<boolean>;
  /** One line for the person, above the next question. */
  tell(line: string): void;
}

/** What an answer has to be. */
export interface AnswerForm<T> {
  /** One short line that says why this is no answer; null if it is one. */
  readonly fault?: (answer: T) => string | null | Promise<string | null>;
  /** What may be shown while it is typed. Anything else is hidden, as it may be a secret that was pasted here. */
  readonly shown?: RegExp;
  /** The next question follows at once. The terminal stays quiet in between, and the rest of a paste is kept for it. */
  readonly holds?: boolean;
  /** The line behind the answer before it, in one paste, is the first answer to this question. */
  readonly takesRestOfPaste?: boolean;
  /** Lines of a paste that come before the answer and are no answer. */
  readonly skips?: RegExp;
  /** How often it is asked; three times unless told. */
  readonly tries?: number;
  /** What is thrown after three refused answers. */
  readonly givenUp?: (fault: string) => AwshError;
}
