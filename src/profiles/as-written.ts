import { parseLines } from './parse-lines.ts';
import { splitLines } from './read.ts';
import type { Place } from './section.ts';
import { type AwsFileKind, parseHeader, type SectionName } from './section-name.ts';

/**
 * A section as written in an AWS file: not merged, and ignored ones included. Contains no values.
 */
export interface WrittenSection {
  /** The text between the brackets. */
  readonly header: string;
  /** Null if no AWS SDK reads it as a section that awsh knows. */
  readonly name: SectionName | null;
  readonly place: Place;
  readonly keys: readonly WrittenKey[];
}

export interface WrittenKey {
  /** In lower case. */
  readonly key: string;
  readonly place: Place;
}

/** The sections of an AWS file's text, in their order, read leniently. */
export function sectionsAsWritten(
  { path, text }: { path: string; text: string },
  kind: AwsFileKind,
): WrittenSection[] {
  return parseLines(splitLines(text), path, []).map(({ header, line, properties }) => ({
    header,
    name: parseHeader(header, kind, true),
    place: { file: path, line },
    keys: properties.map((property) => ({
      key: property.key.toLowerCase(),
      place: { file: path, line: property.line },
    })),
  }));
}
