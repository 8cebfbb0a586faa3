import { printable, UsageError } from '../system/index.ts';
import { identityKind } from './identity.ts';
import {
  commentStart,
  isBlank,
  isHeaderLike,
  type KeyAndValue,
  splitLine,
  trimBlanks,
} from './split-line.ts';

/** One property as it stands in a file. */
export interface RawProperty extends KeyAndValue {
  readonly line: number;
  /** How many blanks its line begins with: a line that is indented further continues it. */
  readonly indent: number;
  /** The indented lines below: more of the value, or properties of its own where `value` is empty. */
  readonly continuations: { readonly text: string; readonly line: number }[];
  /** The last indented line that belongs to it, a comment included; `line` itself where there is none. */
  lastLine: number;
}

/** A line that the SDKs' common grammar does not allow, and what the lenient reading made of it. */
export interface OddLine {
  readonly line: number;
  /** What is wrong, and what was taken. The line itself is never quoted: it may hold a secret. */
  readonly what: string;
  /** What stands between the brackets above it; null before the first section, and without its brackets. */
  readonly header: string | null;
  /** True if the section cannot be trusted: a part of it was not understood, or the SDKs disagree on it. */
  readonly spoilsSection: boolean;
}

/**
 * One section as it stands in a file: nothing merged, nothing dropped; `line` counts from 1. Its properties, checked
 * already, are taken apart when they are asked for: a command wants a handful of a file's thousands.
 */
export class RawSection {
  #properties: readonly RawProperty[] | null = null;
  #end: number;
  #fault: OddLine | null = null;

  constructor(
    /** What stands between the brackets. */
    readonly header: string,
    readonly file: string,
    readonly line: number,
    private readonly lines: readonly string[],
    private readonly lenient: boolean,
  ) {
    this.#end = lines.length;
  }

  /** Tells it the line of the next section's header. */
  endBefore(line: number): void {
    this.#end = line - 1;
  }

  /** The last line before the next section's header. */
  get end(): number {
    return this.#end;
  }

  /** The first line for which the section cannot be used; null as a rule, and always in the strict reading. */
  get fault(): OddLine | null {
    return this.#fault;
  }

  spoil(odd: OddLine): void {
    this.#fault ??= odd;
  }

  get properties(): readonly RawProperty[] {
    this.#properties ??= propertiesOf(this.lines, this.line, this.#end, this.lenient);
    return this.#properties;
  }
}

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
 * Throws a UsageError that names file and line and never quotes the line, which may hold a secret. With `odd` it reads
 * leniently instead: it throws nothing, takes what botocore, aws-vault and the SDK for JavaScript take, adds each odd
 * line to `odd`, and a line that cannot be understood spoils its own section alone.
 */
export function parseLines(
  lines: readonly string[],
  file: string,
  odd: OddLine[] | null = null,
): RawSection[] {
  return new Parser(lines, file, odd).run();
}

class Parser {
  readonly #sections: RawSection[] = [];
  /** The property that a line indented further would continue. */
  #property: (KeyAndValue & { readonly indent: number }) | null = null;
  #isIndentTold = false;

  constructor(
    private readonly lines: readonly string[],
    private readonly file: string,
    private readonly odd: OddLine[] | null,
  ) {}

  run(): RawSection[] {
    for (let line = 1; line <= this.lines.length; line++) {
      const text = this.lines[line - 1] ?? '';
      const indent = indentOf(text, this.odd !== null);
      if (indent === text.length || isCommentSign(text.charCodeAt(indent))) continue;
      if (this.#property !== null && indent > this.#property.indent) this.#continue(text, line);
      else if (text.charCodeAt(indent) === bracket) this.#open(text, indent, line);
      else this.#add(text, indent, line);
    }
    return this.#sections;
  }

  #open(text: string, indent: number, line: number): void {
    if (indent > 0) {
      if (this.odd === null && isHeaderLike(text)) throw malformed(this.file, line, indentedHeader);
      if (this.odd === null) throw malformed(this.file, line, continuesNothing);
    }
    this.#push(headerOf(text.slice(indent), this.odd !== null), line);
    if (indent > 0) this.#note(line, 'an indented header is read as one', false);
  }

  #push({ header, fault, note }: Header, line: number): void {
    if (this.odd === null && (fault ?? note) !== null) throw malformed(this.file, line, unclosed);
    this.#sections.at(-1)?.endBefore(line);
    this.#sections.push(new RawSection(header, this.file, line, this.lines, this.odd !== null));
    this.#property = null;
    this.#isIndentTold = false;
    if (note !== null) this.#note(line, note, false);
    if (fault !== null) this.#note(line, fault, true);
  }

  #continue(text: string, line: number): void {
    if (isHeaderLike(text)) {
      if (this.odd === null) throw malformed(this.file, line, indentedHeader);
      this.#push({ ...headerOf(trimBlanks(text), true), fault: indentedHeader, note: null }, line);
    } else if (this.#property?.value === '') {
      const why = faultOf(text, false);
      if (why !== null && this.odd === null) throw malformed(this.file, line, why);
      if (why !== null) this.#note(line, `${why}; this line of a nested block is left out`, false);
    }
    // aws-vault, and below a value the SDK for JavaScript, take it for a key: without it the profile would be somebody else.
    const key = this.odd === null ? undefined : splitLine(text, true)?.key;
    if (key !== undefined && isIdentifying(key)) this.#note(line, indentedIdentity, true);
  }

  #add(text: string, indent: number, line: number): void {
    const strict = this.odd === null;
    if (strict && indent > 0) throw malformed(this.file, line, continuesNothing);
    if (this.#sections.length === 0) {
      if (strict) throw malformed(this.file, line, 'a key stands before the first [section]');
      this.#note(line, 'a line before the first [section] is left out', false);
      return;
    }
    const split = splitLine(text, !strict);
    const why = split === null || split.key === '' ? faultOf(text, !strict) : null;
    if (why !== null || split === null) {
      if (strict) throw malformed(this.file, line, why ?? noProperty);
      this.#note(line, why ?? noProperty, true);
      return;
    }
    this.#property = { ...split, indent };
    if (split.odd !== null) this.#note(line, split.odd, false);
    if (!strict) this.#checkKey(split.key, line);
    if (split.value.includes('\ufffd') && isIdentifying(split.key)) {
      if (strict) throw malformed(this.file, line, notUtf8);
      this.#note(line, notUtf8, true);
    }
    if (indent > 0 && !this.#isIndentTold) {
      this.#isIndentTold = true;
      this.#note(line, 'an indented key is read as a key of its section', false);
    }
  }

  /** A key that looks right and that no SDK reads: a profile without its role_arn would be somebody else. */
  #checkKey(key: string, line: number): void {
    if (!beyondAscii.test(key)) return;
    const meant = key.replaceAll(invisible, '').toLowerCase();
    if (meant === key.toLowerCase()) return;
    const what = 'a key has an invisible character in it, and no AWS SDK reads it';
    this.#note(line, what, identityKind(meant) !== null);
  }

  #note(line: number, what: string, spoilsSection: boolean): void {
    const section = this.#sections.at(-1);
    // What follows a [ without its ] may be anything, a secret too.
    const header = what === unclosed ? null : (section?.header ?? null);
    const it = { line, what, header, spoilsSection };
    this.odd?.push(it);
    if (spoilsSection) section?.spoil(it);
  }
}

/** Keys that name another section, and those that decide who the profile is. */
function isIdentifying(key: string): boolean {
  const name = key.toLowerCase();
  return ['include_profile', 'parent_profile', 'services'].includes(name) || identityKind(name) !== null;
}

const notUtf8 = 'the value has bytes that are not valid UTF-8';
const beyondAscii = /[^\x20-\x7e]/;
const invisible = /[\p{Cf}\p{Zs}\p{Cc}]/gu;
const indentedHeader = 'a [section] begins in the first column: SDKs disagree on an indented one';
const indentedIdentity =
  'it is indented below another key: SDKs disagree whether it is a key of the profile or a part of the value above';
const continuesNothing = 'an indented line continues a key, and none stands above';
const noProperty = 'it is no [section], no comment, and no key = value';
const unclosed = "a section's header must end with ]";

interface Header {
  readonly header: string;
  readonly fault: string | null;
  readonly note: string | null;
}

/** Leniently, text after the `]` is left out, and the name of a header without one is what follows the `[`. */
function headerOf(text: string, lenient: boolean): Header {
  const comment = text.search(/[#;]/);
  const strict = trimBlanks(comment < 0 ? text : text.slice(0, comment));
  if (strict.endsWith(']')) return { header: trimBlanks(strict.slice(1, -1)), fault: null, note: null };
  const whole = lenient ? trimBlanks(text.slice(0, commentStart(text))) : strict;
  const close = whole.lastIndexOf(']');
  if (close < 0) return { header: trimBlanks(whole.slice(1)), fault: unclosed, note: null };
  const header = trimBlanks(whole.slice(1, close));
  const isName = close === whole.length - 1;
  const note = isName ? 'a # or ; in a name is read as a part of it' : 'text after the ] is left out';
  return { header, fault: null, note };
}

/** Why a line is no property; null where it is one. */
function faultOf(text: string, lenient: boolean): string | null {
  const split = splitLine(text, lenient);
  if (split === null) return noProperty;
  return split.key === '' ? 'there is no key before the =' : null;
}

function malformed(file: string, line: number, why: string): UsageError {
  return new UsageError(`${printable(file)}:${line} is malformed`, why);
}

/** The properties between a section's header and its last line, which were checked before. */
function propertiesOf(
  lines: readonly string[],
  header: number,
  end: number,
  lenient: boolean,
): RawProperty[] {
  const properties: RawProperty[] = [];
  for (let line = header + 1; line <= end; line++) {
    const text = lines[line - 1] ?? '';
    const indent = indentOf(text, lenient);
    if (indent === text.length) continue;
    const isComment = isCommentSign(text.charCodeAt(indent));
    const last = properties.at(-1);
    if (last !== undefined && indent > last.indent) {
      if (!isComment) last.continuations.push({ text: trimBlanks(text), line });
      last.lastLine = line;
    } else if (!isComment) {
      const split = splitLine(text, lenient);
      if (split === null || split.key === '') continue;
      properties.push({
        key: split.key,
        value: split.value,
        line,
        indent,
        continuations: [],
        lastLine: line,
      });
    }
  }
  return properties;
}

function indentOf(text: string, lenient: boolean): number {
  let indent = 0;
  while (indent < text.length && isBlank(text.charCodeAt(indent), lenient)) indent++;
  return indent;
}

function isCommentSign(code: number): boolean {
  return code === hash || code === semicolon;
}
