import type { Prompter } from '../../src/prompt/index.ts';
import { PersonNeededError, Secret } from '../../src/system/index.ts';

/**
 * Answers with these secrets, one after the other; `questions` and `told` record what it was asked
 * and told.
 */
export interface FakePrompter extends Prompter {
  readonly questions: string[];
  readonly told: string[];
}

export function typing(...secrets: string[]): FakePrompter {
  const questions: string[] = [];
  const told: string[] = [];
  const nobody = () => Promise.reject(new PersonNeededError('nobody is there'));
  return {
    canAsk: secrets.length > 0,
    questions,
    told,
    code: nobody,
    text: nobody,
    confirm: nobody,
    secret: async (question, form) => {
      for (;;) {
        questions.push(question);
        const next = secrets.shift();
        if (next === undefined) throw new PersonNeededError('nobody is there');
        const fault = (await form?.fault?.(new Secret(next))) ?? null;
        if (fault === null) return new Secret(next);
        told.push(fault);
      }
    },
    tell: (line) => void told.push(line),
  };
}

export const nobodyThere = () => typing();
