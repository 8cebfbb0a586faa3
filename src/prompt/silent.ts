import { type Need, PersonNeededError, printable } from '../system/index.ts';
import type { Prompter } from './prompter.ts';

/**
 * For processes that must not ask the user (`quiet`, a background worker): every question throws
 * PersonNeededError (exit 6). `obstacle` is the reason, if there is a specific one.
 */
export function silentPrompter(obstacle?: string): Prompter {
  const refuse = (question: string, need?: Need): never => {
    throw personNeeded(question, obstacle ?? 'awsh cannot ask questions here', 'run it in a terminal', need);
  };
  return {
    canAsk: false,
    obstacle,
    code: async (question) => refuse(question, 'MFA'),
    secret: async (question) => refuse(question, 'passphrase'),
    text: async (question) => refuse(question),
    confirm: async (question) => refuse(question),
    tell: (line) => refuse(line),
  };
}

/** The one text for the case that the user must answer and cannot be asked. */
export function personNeeded(question: string, why: string, next: string, need?: Need): PersonNeededError {
  return new PersonNeededError(`this needs your answer: ${printable(question)}`, why, next, need);
}
