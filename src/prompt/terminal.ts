import { type PersonNeededError, printable, RefusedError, Secret } from '../system/index.ts';
import { inForeground } from './foreground.ts';
import type { Prompter } from './prompter.ts';
import { personNeeded } from './silent.ts';
import { hasTerminal, writeToTerminal } from './terminal-device.ts';
import type { Tty } from './tty.ts';

/**
 * Asks on /dev/tty. Questions come without the punctuation at their end (`MFA code for dev`); `: `, ` [initial]: ` or
 * ` [y/N] ` is added. An answer without the right form is asked for again, three times in all; then RefusedError.
 */
export function terminalPrompter(): Prompter {
  return {
    get canAsk() {
      return inForeground() && hasTerminal();
    },
    code: (question) => ask(question, { end: ': ', accept: asCode, fault: 'a code is six digits' }),
    secret: (question) => ask(question, { end: ': ', unseen: true, accept: (answer) => new Secret(answer) }),
    text: (question, initial) =>
      ask(question, {
        end: initial === undefined ? ': ' : ` [${printable(initial)}]: `,
        accept: (answer) => asText(answer) || (answer.trim() === '' ? (initial ?? '') : null),
        fault: 'there were keys in it that are not text',
      }),
    confirm: (question) => ask(question, { end: ' [y/N] ', accept: (answer) => answer === 'y' }),
    tell(line) {
      requireTerminal(line);
      writeToTerminal(`${printable(line)}\n`);
    },
  };
}

/** How a question ends, and what counts as an answer to it: anything but null. */
interface AnswerForm<T> {
  readonly end: string;
  readonly unseen?: boolean;
  readonly accept: (answer: string) => T | null;
  readonly fault?: string;
}

const tries = 3;

async function ask<T>(question: string, form: AnswerForm<T>): Promise<T> {
  const shown = printable(question) + form.end;
  const tty = await openTty(question);
  try {
    for (let left = tries; left > 0; left--) {
      const accepted = form.accept(await tty.ask(shown, { unseen: form.unseen ?? false }));
      if (accepted !== null) return accepted;
      tty.write(`${form.fault}\n`);
    }
  } finally {
    tty.close();
  }
  throw new RefusedError(`no usable answer in ${tries} tries`, form.fault);
}

function asCode(answer: string): string | null {
  const code = answer.trim();
  return /^[0-9]{6}$/.test(code) ? code : null;
}

/** In cooked mode an arrow key arrives as an escape sequence. */
function asText(answer: string): string | null {
  return printable(answer) === answer ? answer.trim() : null;
}

async function openTty(question: string): Promise<Tty> {
  requireTerminal(question);
  // What reads lines is only worth its import where there is a question.
  const { Tty } = await import('./tty.ts');
  const tty = Tty.open();
  if (tty === null) throw noTerminal(question);
  return tty;
}

/** Throws PersonNeededError where this process cannot ask at its terminal, or has none. */
export function requireTerminal(question: string): void {
  if (!inForeground()) throw personNeeded(question, 'a job in the background cannot ask', 'fg');
  if (!hasTerminal()) throw noTerminal(question);
}

function noTerminal(question: string): PersonNeededError {
  return personNeeded(question, 'there is no terminal to ask at', 'run it at a terminal');
}
