import {
  CancelledError,
  type Environment,
  type PersonNeededError,
  printable,
  RefusedError,
  Secret,
} from '../system/index.ts';
import { type DialogKind, type DialogProgram, dialogPrograms } from './dialog-programs.ts';
import {
  missingProgram,
  type PromptSurroundings,
  promptProgram,
  runPromptProgram,
} from './prompt-program.ts';
import type { Prompter } from './prompter.ts';
import { personNeeded } from './silent.ts';

const tries = 3;

/** Asks in a window of its own. A line that is told stands above the next question. */
export function dialogPrompter(program: DialogProgram, surroundings: PromptSurroundings): Prompter {
  return new DialogPrompter(program, surroundings);
}

/** The first dialog program there is where a window can be opened, or null. */
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

  get obstacle(): string | undefined {
    return this.#obstacle === null ? undefined : `${this.program.name} cannot ask: ${this.#obstacle.why}`;
  }

  async code(question: string): Promise<string> {
    return await this.#until('a code is six digits', async () => {
      const answer = (await this.#ask('text', question)).trim();
      return /^[0-9]{6}$/.test(answer) ? answer : null;
    });
  }

  async secret(question: string): Promise<Secret> {
    return new Secret(await this.#ask('secret', question));
  }

  async text(question: string, initial = ''): Promise<string> {
    return await this.#until('there were keys in it that are not text', async () => {
      const answer = await this.#ask('text', question, initial);
      return printable(answer) === answer ? answer.trim() || initial : null;
    });
  }

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

  /** Asks again, saying why, until the answer has the right form; three times in all, then RefusedError. */
  async #until(fault: string, ask: () => Promise<string | null>): Promise<string> {
    for (let left = tries; left > 0; left--) {
      const answer = await ask();
      if (answer !== null) return answer;
      this.tell(fault);
    }
    throw new RefusedError(`no usable answer in ${tries} tries`, fault);
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

/** On macOS a window opens wherever somebody sits at the machine; over ssh that would be somebody else. */
function canOpenWindows(program: DialogProgram, environment: Environment): boolean {
  if (program.name === 'osascript') return !environment.SSH_CONNECTION;
  return Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
}
