/**
 * JSON for programs that is safe to show to a person: JSON.stringify escapes C0 controls alone, so that C1 controls, DEL and
 * what turns the direction of text are written by their numbers here. It parses to the same.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return `${text.replace(/[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, escaped)}\n`;
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
