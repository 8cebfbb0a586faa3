import { wideTextWidth } from './wide-text.ts';

/** The columns that a terminal needs for printable text. */
export function textWidth(text: string): number {
  return /^[ -~]*$/.test(text) ? text.length : wideTextWidth(text);
}

/** As much of the text as fits, with an ellipsis in place of the rest. */
export function cutToWidth(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let cut = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (textWidth(cut + segment) > columns - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}

/** The text with spaces after it. */
export function padToWidth(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)));
}
