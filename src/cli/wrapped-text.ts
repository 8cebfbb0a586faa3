import { padToWidth, textWidth } from '../system/index.ts';
import type { Look } from './look.ts';

/** Prose in longer lines does not read well. */
const widestProse = 100;
/** With less room beside its label, text stands below it. */
const leastBeside = 20;

/**
 * The text in lines of at most `room` columns, broken between words. A longer word (an ARN, a path, a URL) stays whole,
 * alone on its line: a terminal breaks it so that it can still be copied.
 */
export function wrapWords(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer) > room) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

/** The columns that prose may take. */
export function proseRoom({ room }: Look): number {
  return Number.isFinite(room) ? Math.min(room, widestProse) : room;
}

/**
 * `label  text`, the text wrapped in the columns from `labelColumns` on. Where there is no room, or a word does not fit
 * there, the text stands below its label. The label is dim, and may begin with spaces.
 */
export function labelled(label: string, text: string, labelColumns: number, look: Look): string[] {
  const beside = proseRoom(look) - labelColumns;
  const fits = text.split(' ').every((word) => textWidth(word) <= beside);
  const head = look.dim(padToWidth(label, labelColumns));
  if (fits && (beside >= leastBeside || textWidth(text) <= beside)) {
    const [first = '', ...rest] = wrapWords(text, beside);
    return [head + first, ...rest.map((line) => ' '.repeat(labelColumns) + line)];
  }
  const indent = `${/^ */.exec(label)?.[0]}  `;
  const below = wrapWords(text, proseRoom(look) - indent.length);
  return [look.dim(label.trimEnd()), ...below.map((line) => indent + line)];
}
