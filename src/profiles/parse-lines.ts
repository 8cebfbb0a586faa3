import { printable, UsageError } from '../system/index.ts';

export interface KeyAndValue {
  readonly key: string;
  readonly value: string;
}

/** One property as it stands in a file. */
export interface RawProperty extends KeyAndValue {
  readonly line: number;
  /** The indented lines below: more of the value, or properties of its own where `value` is empty. */
  readonly continuations: { readonly text: string; readonly line: number }[];
  /** The last indented line that belongs to it, a comment included; `line` itself where there is none. */
  lastLine: number;
}

/**
 * One section as it stands in a file: nothing merged, nothing dropped; `line` counts from 1. Its properties, checked
 * already, are taken apart when they are asked for: a command wants a handful of a file's thousands.
 */
export class RawSection {
  #properties: readonly RawProperty[] | null = null;
  #end: number;

  constructor(
    /** What stands between the brackets. */
    readonly header: string,
    readonly file: string,
    readonly line: number,
    private readonly lines: readonly string[],
  ) {
    this.#end = lines.length;
  }

  /** Tells it the line of the next section's header. */
  endBefore(line: number): void {
    this.#end = line - 1;
  }

  get properties(): readonly RawProperty[] {
    this.#properties ??= propertiesOf(this.lines, this.line, this.#end);
    return this.#properties;
  }
}

const space = 0x20;
const tab = 0x09;
const hash = 0x23;
const semicolon = 0x3b;
const bracket = 0x5b;

/**
 * Reads an AWS config or credentials file, given without its line breaks and byte order mark, by the grammar that the
 * AWS SDKs share: blank lines and lines that begin with `#` or `;` are skipped, `[` in the first column opens a
 * section, an indented line continues the property above, all else is `key = value`.
 *
 * Two departures, where the SDKs disagree: an indented comment is a comment (as in the AWS CLI and the SDK for
 * JavaScript; by the letter it would become part of the value above), and an indented header is an error (some take it
 * for a header, others for a value).
 *
 * Throws a UsageError that names file and line and never quotes the line, which may hold a secret.
 */
export function parseLines(lines: readonly string[], file: string): RawSection[] {
  const sections: RawSection[] = [];
  /** The property that an indented line would continue. */
  let property: string | null = null;

  for (let line = 1; line <= lines.length; line++) {
    const text = lines[line - 1] ?? '';
    const first = text.charCodeAt(0);
    if (text === '' || isCommentSign(first)) continue;
    if (first === bracket) {
      sections.at(-1)?.endBefore(line);
      sections.push(new RawSection(headerOf(text, file, line), file, line, lines));
      property = null;
    } else if (isBlank(first)) {
      checkIndented(trimBlanks(text), property, file, line);
    } else {
      if (sections.length === 0) throw malformed(file, line, 'a key stands before the first [section]');
      checkProperty(text, file, line);
      property = text;
    }
  }
  return sections;
}

function headerOf(text: string, file: string, line: number): string {
  const comment = text.search(/[#;]/);
  const header = trimBlanks(comment < 0 ? text : text.slice(0, comment));
  if (!header.endsWith(']')) throw malformed(file, line, "a section's header must end with ]");
  return trimBlanks(header.slice(1, -1));
}

function checkIndented(text: string, property: string | null, file: string, line: number): void {
  if (text === '' || isCommentSign(text.charCodeAt(0))) return;
  if (text.startsWith('[') && trimBlanks(text.split(/[#;]/, 1)[0] ?? '').endsWith(']')) {
    throw malformed(file, line, 'a [section] begins in the first column: SDKs disagree on an indented one');
  }
  if (property === null)
    throw malformed(file, line, 'an indented line continues a key, and none stands above');
  if (splitProperty(property)?.value === '') checkProperty(text, file, line);
}

function checkProperty(text: string, file: string, line: number): void {
  const equals = text.indexOf('=');
  if (equals < 0 || commentStart(text.slice(0, equals)) < equals) {
    throw malformed(file, line, 'it is no [section], no comment, and no key = value');
  }
  if (equals === 0) throw malformed(file, line, 'there is no key before the =');
}

function malformed(file: string, line: number, why: string): UsageError {
  return new UsageError(`${printable(file)}:${line} is malformed`, why);
}

/** The properties between a section's header and its last line, which were checked before. */
function propertiesOf(lines: readonly string[], header: number, end: number): RawProperty[] {
  const properties: RawProperty[] = [];
  for (let line = header + 1; line <= end; line++) {
    const text = lines[line - 1] ?? '';
    const content = trimBlanks(text);
    const last = properties.at(-1);
    if (content === '' || isCommentSign(text.charCodeAt(0))) continue;
    if (!isBlank(text.charCodeAt(0))) {
      const { key, value } = splitProperty(text) ?? { key: '', value: '' };
      properties.push({ key, value, line, continuations: [], lastLine: line });
    } else if (last !== undefined) {
      if (!isCommentSign(content.charCodeAt(0))) last.continuations.push({ text: content, line });
      last.lastLine = line;
    }
  }
  return properties;
}

/** Splits at the first `=`; a comment needs a space before it, as SSO start URLs hold a `#`. Null without a `=`. */
export function splitProperty(text: string): KeyAndValue | null {
  const body = text.slice(0, commentStart(text));
  const equals = body.indexOf('=');
  if (equals < 0) return null;
  return { key: trimBlanks(body.slice(0, equals)), value: trimBlanks(body.slice(equals + 1)) };
}

/** Where the comment at the end of a property's line begins; the line's length where it has none. */
export function commentStart(text: string): number {
  const comment = text.search(/[ \t][#;]/);
  return comment < 0 ? text.length : comment + 1;
}

/** Trims spaces and tabs alone: what else Unicode calls a space is content to the SDKs. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === space || code === tab;
}

function isCommentSign(code: number): boolean {
  return code === hash || code === semicolon;
}
