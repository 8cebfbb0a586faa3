import {
  CancelledError,
  type Environment,
  type PersonNeededError,
  printable,
  Secret,
} from '../system/index.ts';
import { type Answer, checkAnswer, checkText, codeForm, givenUp, tries } from './answers.ts';
import { type DialogKind, type DialogProgram, dialogPrograms } from './dialog-programs.ts';
import {
  missingProgram,
  type PromptSurroundings,
  promptProgram,
  runPromptProgram,
} from './prompt-program.ts';
import type { AnswerForm, Prompter } from './prompter.ts';
import { personNeeded } from './silent.ts';

/** Asks in a window. A line of `tell` is shown above the next question. */
export function dialogPrompter(program: DialogProgram, surroundings: PromptSurroundings): Prompter {
  return new DialogPrompter(program, surroundings);
}

/** The first dialog program that is installed if a window can be opened, or null. */
export function availableDialog(environment: Environment): DialogProgram | null {
  const { zenity, kdialog, osascript } = dialogPrograms;
  const wanted =
    process.platform === 'darwin'
      ? [osascript]
      : kdialogFirst(environment)
        ? [kdialog, zenity]
        : [zenity, kdialog];
  return wanted.find((program) => whyNotHere(program, environment) === null) ?? null;
}

function kdialogFirst({ XDG_CURRENT_DESKTOP: desktop }: Environment): boolean {
  return /(^|:)KDE(:|$)/.test(desktop ?? '');
}

class DialogPrompter implements Prompter {
  #told: string[] = [];

  constructor(
    private readonly program: DialogProgram,
    private readonly surroundings: PromptSurroundings,
  ) {}

  get canAsk(): boolean {
    return this.#obstacle === null;
  }

  get brokenProgram(): string | undefined {
    return this.#obstacle === null ? undefined : this.program.name;
  }

  get obstacle(): string | undefined {
    return this.#obstacle === null ? undefined : `${this.program.name} cannot ask: ${this.#obstacle.why}`;
  }

  async code(question: string): Promise<string> {
    return await this.text(question, '', codeForm);
  }

  async secret(question: string, form: AnswerForm<Secret> = {}): Promise<Secret> {
    return await this.#until(form, async () =>
      checkAnswer(new Secret(await this.#ask('secret', question)), form),
    );
  }

  async text(question: string, initial = '', form: AnswerForm<string> = {}): Promise<string> {
    return await this.#until(form, async () =>
      checkText(await this.#ask('text', question, initial), form, initial),
    );
  }

  /** It has buttons for yes and no, so there is no empty answer. */
  async confirm(question: string): Promise<boolean> {
    return await this.#ask('confirm', question).then(
      () => true,
      (error) => {
        if (error instanceof CancelledError) return false;
        throw error;
      },
    );
  }

  tell(line: string): void {
    this.#told.push(printable(line));
  }

  /** Asks again, with the reason, until the answer is accepted; three times in all. */
  async #until<T>(form: AnswerForm<T>, ask: () => Promise<Answer<T>>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const answer = await ask();
      if ('value' in answer) return answer.value;
      if (attempt === (form.tries ?? tries)) throw givenUp(form, answer.fault);
      this.tell(answer.fault);
    }
  }

  async #ask(kind: DialogKind, question: string, initial = ''): Promise<string> {
    const { program, surroundings } = this;
    if (this.#obstacle !== null) throw this.#obstacle;
    const text = [...this.#told, printable(question)].join('\n');
    this.#told = [];
    const end = await runPromptProgram(program.name, program.args({ kind, text, initial }), surroundings);
    if (end.status === 0) return end.stdout;
    if (program.cancelled(end.status, end.stderr)) throw new CancelledError();
    const why = printable(end.stderr.trim().split('\n').at(-1) ?? '').slice(0, 200);
    throw personNeeded(
      question,
      `${program.name} failed${why === '' ? '' : `: ${why}`}`,
      'add --prompt terminal',
    );
  }

  get #obstacle(): PersonNeededError | null {
    return whyNotHere(this.program, this.surroundings.environment);
  }
}

function whyNotHere(program: DialogProgram, environment: Environment): PersonNeededError | null {
  if (!canOpenWindows(program, environment)) {
    return personNeeded(
      `by ${program.name}`,
      'there is no display to open a window on',
      'add --prompt terminal',
    );
  }
  return promptProgram(program.name, environment) === null ? missingProgram(program.name) : null;
}

/**
 * On macOS a window opens on the machine's own screen; over ssh the user there may be another one.
 */
function canOpenWindows(program: DialogProgram, environment: Environment): boolean {
  if (program.name === 'osascript') return !environment.SSH_CONNECTION;
  return Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
}
