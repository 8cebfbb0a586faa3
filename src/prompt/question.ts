import { CancelledError, printable, textWidth } from '../system/index.ts';
import { type Answer, givenUp, notText, tries } from './answers.ts';
import { LineEditor } from './line-editor.ts';
import type { AnswerForm } from './prompter.ts';
import type { Tty } from './tty.ts';

/** Stands for an answer that must not be seen, at a question whose answers are. */
const hidden = '…';

/** A question at the terminal. */
export interface Question<T> {
  readonly name: string;
  /** What stands between its name and the answer. */
  readonly end: string;
  readonly form: AnswerForm<T>;
  /** What is shown of the answer; without it nothing is, not even its length. */
  readonly shown?: RegExp;
  readonly accept: (line: string) => Answer<T> | Promise<Answer<T>>;
}

/**
 * Asks until an answer is accepted, three times at most. Gives it with the rest of the paste it came in; what was typed
 * behind a refused answer is discarded. `rest` is what came behind the answer to the question before, in one paste.
 */
export async function askAt<T>(
  tty: Tty,
  question: Question<T>,
  rest: string | null,
): Promise<{ value: T; rest: string }> {
  let typed = rest === null ? '' : await usableRest(question, rest);
  if (rest === null) await tty.discardTypedAhead();
  for (let attempt = 1; ; attempt++) {
    const line = await readLine(tty, question, typed);
    const behind = line.rest + (await tty.rest());
    const answer = line.hasOtherKeys
      ? { fault: notText }
      : await tty.orCancelled(Promise.resolve(question.accept(line.text)));
    if ('value' in answer) return { value: answer.value, rest: behind };
    typed = '';
    await tty.discardTypedAhead();
    if (attempt === tries) throw givenUp(question.form, answer.fault);
    tty.write(`${printable(answer.fault)}\n`);
  }
}

/** The line that the rest of a paste has for this question, with its end if it has one; nothing if that is no answer. */
async function usableRest<T>(question: Question<T>, rest: string): Promise<string> {
  const editor = new LineEditor();
  const { end } = editor.take(rest);
  if (editor.hasOtherKeys || editor.line === '') return '';
  const answer = await question.accept(editor.line);
  if ('fault' in answer) return '';
  return end === 'entered' ? `${editor.line}\r` : editor.line;
}

async function readLine<T>(tty: Tty, question: Question<T>, typed: string): Promise<EnteredLine> {
  const editor = new LineEditor();
  const field = new AnswerField(tty, printable(question.name) + question.end, question.shown);
  const redraw = () => field.draw(editor.line);
  redraw();
  for (let input = typed; ; input = await tty.read(redraw)) {
    const { end, rest } = editor.take(input);
    if (end === 'cancelled') {
      tty.write('\n');
      throw new CancelledError();
    }
    field.update(editor.line);
    if (end === 'suspended') tty.suspend();
    if (end !== 'entered') continue;
    tty.write('\n');
    return { text: editor.line, hasOtherKeys: editor.hasOtherKeys, rest };
  }
}

interface EnteredLine {
  readonly text: string;
  readonly hasOtherKeys: boolean;
  readonly rest: string;
}

/** The question and what is shown of its answer. */
class AnswerField {
  #drawn = '';

  constructor(
    private readonly tty: Tty,
    private readonly question: string,
    private readonly shown: RegExp | undefined,
  ) {}

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
    return this.shown.test(line) ? printable(line) : hidden;
  }
}
