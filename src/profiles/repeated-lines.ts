/**
 * Warnings about sections and properties that occur twice in a file, and about signs of another
 * operating system in it.
 */
import { printable } from '../system/index.ts';
import type { RawSection } from './raw-section.ts';

/** A property with this form can be shown; anything else may be a secret in a broken line. */
const keyName = /^[a-z][a-z0-9_]{0,30}$/;

/**
 * One warning for each property that occurs twice in a section, with the line whose value is used.
 */
export function repeatedKeys({ file, header, repeats }: RawSection): string[] {
  return [...repeats].map(([key, lines]) => {
    const others = lines.slice(0, -1).join(', ');
    const name = keyName.test(key) ? key : 'a key';
    return `${printable(file)}:${lines.at(-1)}: ${name} is in ${inBrackets(header)} more than once: the value on this line is used (the other: line ${others})`;
  });
}

/** `first` is the line of the first section of this name. */
export function repeatedSection({ file, header, line }: RawSection, first: number): string {
  return `${printable(file)}:${line}: ${inBrackets(header)} occurs more than once (first on line ${first}): awsh reads the keys of all of them, and uses the last value of a repeated key`;
}

/** A byte order mark, and line ends that are only a carriage return. */
export function foreignSigns(path: string, text: string): string[] {
  const file = printable(path);
  const warnings = text.startsWith('\ufeff') ? [`${file}:1: a byte order mark is left out`] : [];
  const at = text.search(/\r(?!\n)/);
  if (at < 0) return warnings;
  const line = text.slice(0, at).split(/\r\n|\n|\r/).length;
  return [
    ...warnings,
    `${file}:${line}: a carriage return without a line feed is read as the end of the line`,
  ];
}

function inBrackets(header: string): string {
  return `[${printable(header.slice(0, 80))}]`;
}
