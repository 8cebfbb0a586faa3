/**
 * Twice as wide as a letter: CJK scripts, full-width forms, emoji (Unicode Standard Annex 11, "East Asian Width"). A function,
 * as Node takes a millisecond to make the pattern.
 */
const wide = () =>
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]/u;
/** Written over the letter before. */
const combining = () => /\p{M}/u;

/** The columns that a terminal needs for printable text. */
export function textWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let columns = 0;
  for (const letter of text) columns += combining().test(letter) ? 0 : wide().test(letter) ? 2 : 1;
  return columns;
}

/** As much of the text as fits, with an ellipsis in the place of what does not. */
export function cutToWidth(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let cut = '';
  for (const letter of text) {
    if (textWidth(cut) + textWidth(letter) > columns - 1) break;
    cut += letter;
  }
  return `${cut}…`;
}

/** The text with spaces behind it. */
export function padToWidth(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)));
}
