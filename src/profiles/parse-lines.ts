import { printable, UsageError } from '../system/index.ts';
import { identityKind } from './identity.ts';
import { indentOf, isCommentSign, type OddLine, RawSection } from './raw-section.ts';
import { commentStart, isHeaderLike, type KeyAndValue, splitLine, trimBlanks } from './split-line.ts';

const bracket = 0x5b;
const byteOrderMark = 0xfeff;

/**
 *
 * Reads an AWS config or credentials file, given without its line breaks and byte order mark, by
 * the grammar that the AWS SDKs share: blank lines and lines that begin with `#` or `;` are
 * skipped, `[` in the first column opens a section, an indented line continues the property above,
 * and everything else is `key = value`.
 *
 * It differs in two cases in which the SDKs disagree. An indented comment is a comment, as in the
 * AWS CLI and the SDK for JavaScript; strictly it would become part of the value above. An indented
 * header is an error: some read it as a header, others as a value.
 *
 * Throws a UsageError that names file and line and never quotes the line, which may contain a
 * secret. With `odd` it reads leniently: it never throws, accepts what botocore, aws-vault and the
 * SDK for JavaScript accept, and adds each odd line to `odd`; a malformed line spoils only its own
 * section.
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
  /** The property that a line with a deeper indent would continue. */
  #property: (KeyAndValue & { readonly indent: number }) | null = null;
  #isIndentTold = false;
  /** The properties of the section, in lower case, with the first line of each. */
  readonly #keys = new Map<string, number>();

  constructor(
    private readonly lines: readonly string[],
    private readonly file: string,
    private readonly odd: OddLine[] | null,
  ) {}

  run(): RawSection[] {
    for (let line = 1; line <= this.lines.length; line++) {
      const text = this.#withoutMark(this.lines[line - 1] ?? '', line);
      const indent = indentOf(text, this.odd !== null);
      if (indent === text.length || isCommentSign(text.charCodeAt(indent))) continue;
      if (this.#property !== null && indent > this.#property.indent) this.#continue(text, line);
      else if (text.charCodeAt(indent) === bracket) this.#open(text, indent, line);
      else this.#add(text, indent, line);
    }
    return this.#sections;
  }

  /**
   * A byte order mark in the middle, where two files were joined: leniently it is dropped before a
   * header, and on a line of its own.
   */
  #withoutMark(text: string, line: number): string {
    if (this.odd === null || text.charCodeAt(0) !== byteOrderMark) return text;
    const rest = text.slice(1);
    if (trimBlanks(rest) !== '' && !isHeaderLike(rest)) return text;
    this.#note(line, 'a byte order mark in the middle of the file is left out', false);
    return rest;
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
    const above = this.#sections.at(-1);
    above?.endBefore(line);
    // The warnings already have this line, for the header itself.
    if (fault === unclosed)
      above?.spoil({ line, what: unclosedBelow, header: above.header, spoilsSection: true });
    this.#sections.push(new RawSection(header, this.file, line, this.lines, this.odd !== null));
    this.#property = null;
    this.#isIndentTold = false;
    this.#keys.clear();
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
    // aws-vault, and below a value the SDK for JavaScript, read it as a property: without it the
    // profile would have another identity.
    const key = this.odd === null ? undefined : splitLine(text, true)?.key;
    if (key !== undefined && (isIdentifying(key) || this.#spoilsValue(key)))
      this.#note(line, indentedIdentity, true);
  }

  /** True for a property that would become part of a value that should have one line. */
  #spoilsValue(key: string): boolean {
    const above = this.#property;
    return above !== null && above.value !== '' && isOneLine(above.key) && /^[a-z]\w*$/i.test(key);
  }

  #add(text: string, indent: number, line: number): void {
    const strict = this.odd === null;
    if (strict && indent > 0) throw malformed(this.file, line, continuesNothing);
    if (this.#sections.length === 0) {
      if (strict) throw malformed(this.file, line, 'there is a key before the first [section]');
      this.#note(line, 'a line before the first [section] is left out', false);
      return;
    }
    if (!strict && this.#openInvisible(text, line)) return;
    const split = splitLine(text, !strict);
    const why = split === null || split.key === '' ? faultOf(text, !strict) : null;
    if (!strict && /^\0+$/.test(text)) {
      this.#note(line, onlyNul, false);
      return;
    }
    if (why !== null || split === null) {
      if (strict) throw malformed(this.file, line, why ?? noProperty);
      this.#note(line, why ?? noProperty, true);
      return;
    }
    this.#property = { ...split, indent };
    this.#addKey(split.key.toLowerCase(), line);
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

  /**
   * A header after an invisible character. Some SDKs read its properties as the previous section's.
   */
  #openInvisible(text: string, line: number): boolean {
    if (!beyondAscii.test(text)) return false;
    const { unseen, firstUnseen } = unseenPatterns();
    const sign = firstUnseen.exec(text)?.[1];
    const plain = text.replaceAll(unseen, '');
    if (sign === undefined || !isHeaderLike(plain)) return false;
    this.#note(line, invisibleHeader, true);
    const { header } = headerOf(trimBlanks(plain), true);
    this.#push({ header: `${sign}${header}`, fault: null, note: null }, line);
    return true;
  }

  #addKey(key: string, line: number): void {
    const first = this.#keys.get(key);
    if (first === undefined) this.#keys.set(key, line);
    else this.#sections.at(-1)?.addRepeat(key, first, line);
  }

  /**
   * A property that looks right but that no SDK reads: without its role_arn, a profile would have
   * another identity.
   */
  #checkKey(key: string, line: number): void {
    if (!beyondAscii.test(key)) return;
    const meant = key.replaceAll(/[\p{Cf}\p{Zs}\p{Cc}]/gu, '').toLowerCase();
    if (meant === key.toLowerCase()) return;
    const what = 'a key has an invisible character in it, and no AWS SDK reads it';
    this.#note(line, what, identityKind(meant) !== null);
  }

  #note(line: number, what: string, spoilsSection: boolean): void {
    const section = this.#sections.at(-1);
    // The text after a [ without its ] may be anything, including a secret.
    const header = what === unclosed ? null : (section?.header ?? null);
    const it = { line, what, header, spoilsSection };
    this.odd?.push(it);
    if (spoilsSection) section?.spoil(it);
  }
}

/** Properties that name another section, and those that determine the identity. */
function isIdentifying(key: string): boolean {
  const name = key.toLowerCase();
  return ['include_profile', 'parent_profile', 'services'].includes(name) || identityKind(name) !== null;
}

/**
 * The values of these properties have one line; those that are commands or documents may continue.
 */
function isOneLine(key: string): boolean {
  const name = key.toLowerCase();
  return (isIdentifying(name) && !name.endsWith('_process')) || otherOneLine.has(name);
}

const otherOneLine = new Set(
  'region mfa_serial endpoint_url ca_bundle duration_seconds role_session_name source_identity'.split(' '),
);

const notUtf8 = 'the value has bytes that are not valid UTF-8';
const beyondAscii = /[^\x20-\x7e]/;

/**
 * Characters without a width, or that only some programs treat as a line end. A function, because
 * V8 builds the classes of such a pattern when it meets it.
 */
function unseenPatterns(): { readonly unseen: RegExp; readonly firstUnseen: RegExp } {
  const unseen = /[\p{Cf}\p{Zl}\p{Zp}\x00-\x08\x0e-\x1f\x7f-\x9f]/gu;
  return { unseen, firstUnseen: new RegExp(`^\\s*(${unseen.source})`, 'u') };
}

const invisibleHeader =
  'an invisible character is in front of a [section]: SDKs disagree whether a section begins there';
const indentedHeader = 'a [section] begins in the first column: SDKs disagree on an indented one';
const indentedIdentity =
  'it is indented below another key: SDKs disagree whether it is a key of the profile or a part of the value above';
const continuesNothing = 'an indented line continues a key, but there is no key above it';
const noProperty = 'this line is not a [section], a comment or key = value';
const onlyNul = 'this line has NUL bytes, as files have after a crash';
const unclosed = "a section's header must end with ]";
const unclosedBelow =
  'the header on this line has no ]: SDKs disagree whether a section begins there, and whose keys follow';

interface Header {
  readonly header: string;
  readonly fault: string | null;
  readonly note: string | null;
}

/**
 * Leniently, text after the `]` is ignored, and the name of a header without one is the text after
 * the `[`.
 */
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

/** Why a line is not a property; null if it is one. */
function faultOf(text: string, lenient: boolean): string | null {
  const split = splitLine(text, lenient);
  if (split === null) return noProperty;
  return split.key === '' ? 'there is no key before the =' : null;
}

function malformed(file: string, line: number, why: string): UsageError {
  return new UsageError(`${printable(file)}:${line} is malformed`, why);
}
