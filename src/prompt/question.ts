import { CancelledError, printable, textWidth } from '../system/index.ts';
import { type Answer, givenUp, notText, tries } from './answers.ts';
import { LineEditor } from './line-editor.ts';
import type { AnswerForm } from './prompter.ts';
import type { Tty } from './tty.ts';

/** Shown instead of input that must be hidden, at a question whose answers are otherwise shown. */
const hidden = '…';

/** A question at the terminal. */
export interface Question<T> {
  readonly name: string;
  /** The text between its name and the answer. */
  readonly end: string;
  readonly form: AnswerForm<T>;
  /** The form of the answer that is shown; without it nothing is, not even its length. */
  readonly shown?: RegExp;
  readonly accept: (line: string) => Answer<T> | Promise<Answer<T>>;
}

/**
 * Asks until an answer is accepted, three times at most. Returns it with the rest of the paste it
 * came in. Input after a refused answer is discarded; after the last one, all input until the
 * terminal has been quiet for a second. `rest` is the input after the previous answer, in the same
 * paste.
 */
export async function askAt<T>(
  tty: Tty,
  question: Question<T>,
  rest: string | null,
): Promise<{ value: T; rest: string }> {
  if (rest === null) await tty.discardTypedAhead();
  let typed = rest === null ? '' : await asTyped(question, rest);
  for (let attempt = 1; ; attempt++) {
    const line = await readLine(tty, question, typed);
    const behind = line.rest + (await tty.rest());
    const answer = line.hasOtherKeys
      ? { fault: notText }
      : await tty.orCancelled(Promise.resolve(question.accept(line.text)));
    if ('value' in answer) return { value: answer.value, rest: behind };
    typed = '';
    if (attempt === (question.form.tries ?? tries)) {
      await tty.discardUntilQuiet();
      throw givenUp(question.form, answer.fault);
    }
    await tty.discardTypedAhead();
    tty.write(`${printable(answer.fault)}\n`);
  }
}

/**
 * The part of a paste for this question, entered at once if it is not accepted, so that the reason
 * is shown.
 */
async function asTyped<T>(question: Question<T>, rest: string): Promise<string> {
  const text = rest.replace(/^[\r\n]+/, '');
  const editor = new LineEditor();
  if (editor.take(text).end !== null || editor.line === '') return text;
  return 'fault' in (await question.accept(editor.line)) ? `${text}\r` : text;
}

async function readLine<T>(tty: Tty, question: Question<T>, typed: string): Promise<EnteredLine> {
  let editor = new LineEditor();
  const field = new AnswerField(tty, printable(question.name) + question.end, question.shown);
  const redraw = () => {
    // Half of a hidden secret cannot be completed after `fg`.
    if (field.isHidden(editor.line)) editor = new LineEditor();
    field.draw(editor.line);
  };
  redraw();
  tty.markPastes();
  for (let input = typed; ; ) {
    const { end, rest } = editor.take(input);
    if (end === 'entered' && question.form.skips?.test(editor.line)) {
      const more = rest + (await tty.rest());
      if (more !== '') {
        editor = new LineEditor();
        input = more;
        continue;
      }
    }
    if (end !== 'cancelled') field.update(editor.line);
    if (end === 'suspended') tty.suspend();
    if (end === 'cancelled' || end === 'entered') tty.write('\n');
    if (end === 'cancelled') throw new CancelledError();
    if (end === 'entered') return { text: editor.line, hasOtherKeys: editor.hasOtherKeys, rest };
    input = await tty.read(redraw);
  }
}

interface EnteredLine {
  readonly text: string;
  readonly hasOtherKeys: boolean;
  readonly rest: string;
}

/** The question and the visible part of its answer. */
class AnswerField {
  #drawn = '';

  constructor(
    private readonly tty: Tty,
    private readonly question: string,
    private readonly shown: RegExp | undefined,
  ) {}

  /** True if the user cannot see what is typed. */
  isHidden(line: string): boolean {
    return line !== '' && !this.shown?.test(line);
  }

  draw(line: string): void {
    this.#drawn = this.#visible(line);
    this.tty.write(this.question + this.#drawn);
  }

  update(line: string): void {
    const wanted = this.#visible(line);
    let same = 0;
    while (same < this.#drawn.length && this.#drawn[same] === wanted[same]) same++;
    const gone = textWidth(this.#drawn.slice(same));
    const change = '\b \b'.repeat(gone) + wanted.slice(same);
    if (change !== '') this.tty.write(change);
    this.#drawn = wanted;
  }

  #visible(line: string): string {
    if (this.shown === undefined || line === '') return '';
    return this.isHidden(line) ? hidden : printable(line);
  }
}
