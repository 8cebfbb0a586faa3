import { type AwshError, printable, RefusedError } from '../system/index.ts';
import type { AnswerForm } from './prompter.ts';

/** How often a question is asked before the command fails. */
export const tries = 3;

export type Answer<T> = { readonly value: T } | { readonly fault: string };

/** The answer, or why it is not accepted. */
export async function checkAnswer<T>(value: T, { fault }: AnswerForm<T>): Promise<Answer<T>> {
  const found = (await fault?.(value)) ?? null;
  return found === null ? { value } : { fault: found };
}

/** A line as text, trimmed: `initial` if it is empty. */
export function checkText(
  line: string,
  form: AnswerForm<string>,
  initial = '',
): Promise<Answer<string>> | Answer<string> {
  return printable(line) === line ? checkAnswer(line.trim() || initial, form) : { fault: notText };
}

export const notText = 'the answer contains control characters';

export const codeForm: AnswerForm<string> = {
  fault: (answer) => (/^[0-9]{6}$/.test(answer) ? null : 'a code is six digits'),
  shown: /^[0-9 ]{1,16}$/,
};

export const yesOrNoForm: AnswerForm<string> = {
  fault: (answer) => (/^(y|yes|n|no)$/i.test(answer) ? null : 'answer y or n'),
  shown: /^[a-z]{1,3}$/i,
};

/** The error after three refused answers. */
export function givenUp<T>(form: AnswerForm<T>, fault: string): AwshError {
  return (
    form.givenUp?.(fault) ?? new RefusedError(`no valid answer after ${tries} tries`, fault, 'try again')
  );
}
