/**
 * JSON that is also safe to print on a terminal. JSON.stringify escapes only C0 controls; this also
 * escapes C1 controls, DEL and characters that change the text direction. The result parses to the
 * same value.
 */
export function jsonText(value: unknown): string {
  return safeText(JSON.stringify(value, null, 2));
}

/** Like {@link jsonText}, on one line. */
export function jsonLine(value: unknown): string {
  return safeText(JSON.stringify(value));
}

function safeText(text: string): string {
  return `${text.replace(/[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, escaped)}\n`;
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
