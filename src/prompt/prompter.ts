import type { Secret } from '../system/index.ts';

/**
 * Asks a person. Every method throws PersonNeededError (exit 6) at once where nobody can be asked, and CancelledError
 * (exit 130) on Ctrl-C or end of input. Questions go to the terminal itself, never to stdin or stdout, and throw away
 * what was typed ahead.
 */
export interface Prompter {
  readonly canAsk: boolean;
  /** Only where it differs from `canAsk`: a device gives the codes, whether or not somebody is there. */
  readonly canGiveCode?: boolean;
  /** Why nobody can be asked, where it is anything else than a missing terminal. */
  readonly obstacle?: string | undefined;
  /** A six-digit MFA code, asked again until it has the form. `serial` names the device to what reads codes from one. */
  code(question: string, serial?: string): Promise<string>;
  /** Unseen input, not even its length. */
  secret(question: string): Promise<Secret>;
  /** A line of text; empty input gives `initial` where there is one. */
  text(question: string, initial?: string): Promise<string>;
  /** True for exactly `y`. */
  confirm(question: string): Promise<boolean>;
  /** One line for the person, above the next question. */
  tell(line: string): void;
}
