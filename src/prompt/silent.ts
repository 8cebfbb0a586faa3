import { type Need, PersonNeededError, printable } from '../system/index.ts';
import type { Prompter } from './prompter.ts';

/**
 * Where nobody may be asked (`quiet`, a background worker): every question is a PersonNeededError (exit 6). `obstacle` says
 * why not, if it is more than that.
 */
export function silentPrompter(obstacle?: string): Prompter {
  const refuse = (question: string, need?: Need): never => {
    throw personNeeded(question, obstacle ?? 'awsh cannot ask questions here', 'run it at a terminal', need);
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

/** The one wording of "somebody has to answer, and nobody can". */
export function personNeeded(question: string, why: string, next: string, need?: Need): PersonNeededError {
  return new PersonNeededError(`this needs your answer: ${printable(question)}`, why, next, need);
}
