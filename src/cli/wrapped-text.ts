import { padToWidth, textWidth } from '../system/index.ts';
import type { Look } from './look.ts';

/** In columns. Longer lines are hard to read. */
const widestProse = 100;
/** In columns. If there is less room next to its label, the text is printed below it. */
const leastBeside = 20;

/**
 * The text in lines of at most `room` columns, broken between words. A longer word (an ARN, a path,
 * a URL) stays whole on a line of its own: the terminal wraps it so that it can still be copied.
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

/** The number of columns for text. */
export function proseRoom({ room }: Look): number {
  return Number.isFinite(room) ? Math.min(room, widestProse) : room;
}

/**
 * `label  text`, with the text wrapped in the columns from `labelColumns` on. If there is not
 * enough room, or a word does not fit, the text is below its label. The label is dim and may begin
 * with spaces.
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
