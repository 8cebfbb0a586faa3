import { inForeground, printable, Secret } from '../system/index.ts';
import { checkAnswer, checkText, codeForm, yesOrNoForm } from './answers.ts';
import type { AnswerForm, Prompter } from './prompter.ts';
import type { Question } from './question.ts';
import { hasTerminal, writeToTerminal } from './terminal-device.ts';
import { requireTerminal, withTerminal } from './terminal-owner.ts';

/**
 * Asks on /dev/tty. Questions are given without the punctuation at their end (`MFA code for dev`);
 * `: `, ` [initial]: `, `? [y/N] ` or `? [Y/n] ` is added.
 */
export function terminalPrompter(): Prompter {
  return {
    get canAsk() {
      return inForeground() && hasTerminal();
    },
    code: (question) => askForText(question, ': ', codeForm),
    secret: (question, form = {}) =>
      ask({ name: question, end: ': ', form, accept: (line) => checkAnswer(new Secret(line), form) }),
    text: (question, initial, form = {}) =>
      askForText(question, !initial ? ': ' : ` [${printable(initial)}]: `, form, initial),
    confirm: async (question, initial = 'no') => {
      const mark = question.endsWith('?') ? '' : '?';
      const end = `${mark} ${initial === 'yes' ? '[Y/n]' : '[y/N]'} `;
      return /^y/i.test(await askForText(question, end, yesOrNoForm, initial));
    },
    tell(line) {
      requireTerminal(line);
      writeToTerminal(`${printable(line)}\n`);
    },
  };
}

function askForText(name: string, end: string, form: AnswerForm<string>, initial?: string): Promise<string> {
  const shown = form.shown ?? /^/;
  return ask({
    name,
    end,
    form,
    shown,
    accept: (line) => checkText(line, form, initial),
  });
}

async function ask<T>(question: Question<T>): Promise<T> {
  const { form, name } = question;
  return await withTerminal(name, async (tty, rest) => {
    const { askAt } = await import('./question.ts');
    const before = rest === null || form.takesRestOfPaste ? rest : '';
    const answer = await askAt(tty, question, before);
    return { value: answer.value, restForNext: form.holds ? answer.rest : null };
  });
}
