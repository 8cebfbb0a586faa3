import { printable, UsageError } from '../system/index.ts';
import { identityKind } from './identity.ts';
import { indentOf, isCommentSign, type OddLine, RawSection } from './raw-section.ts';
import { commentStart, isHeaderLike, type KeyAndValue, splitLine, trimBlanks } from './split-line.ts';

const bracket = 0x5b;
const byteOrderMark = 0xfeff;

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
  /** The keys of the section, in lower case, with the first line of each. */
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

  /** A byte order mark where two files were put together: leniently it is left out before a header, and on a line of its own. */
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
    // The file's warnings have the line already, for the header itself.
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
    // aws-vault, and below a value the SDK for JavaScript, take it for a key: without it the profile would be somebody else.
    const key = this.odd === null ? undefined : splitLine(text, true)?.key;
    if (key !== undefined && (isIdentifying(key) || this.#spoilsValue(key)))
      this.#note(line, indentedIdentity, true);
  }

  /** True for a key that would become a part of a value which has one line only. */
  #spoilsValue(key: string): boolean {
    const above = this.#property;
    return above !== null && above.value !== '' && isOneLine(above.key) && /^[a-z]\w*$/i.test(key);
  }

  #add(text: string, indent: number, line: number): void {
    const strict = this.odd === null;
    if (strict && indent > 0) throw malformed(this.file, line, continuesNothing);
    if (this.#sections.length === 0) {
      if (strict) throw malformed(this.file, line, 'a key stands before the first [section]');
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

  /** A header behind a character that nobody sees. Some SDKs read its keys as keys of the section above. */
  #openInvisible(text: string, line: number): boolean {
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

/** Keys whose values are commands or documents may go on in the next line. */
function isOneLine(key: string): boolean {
  const name = key.toLowerCase();
  return (isIdentifying(name) && !name.endsWith('_process')) || otherOneLine.has(name);
}

const otherOneLine = new Set(
  'region mfa_serial endpoint_url ca_bundle duration_seconds role_session_name source_identity'.split(' '),
);

const notUtf8 = 'the value has bytes that are not valid UTF-8';
const beyondAscii = /[^\x20-\x7e]/;
const invisible = /[\p{Cf}\p{Zs}\p{Cc}]/gu;
/** Without a width, or a line's end to some programs only. */
const unseen = /[\p{Cf}\p{Zl}\p{Zp}\x00-\x08\x0e-\x1f\x7f-\x9f]/gu;
const firstUnseen = new RegExp(`^\\s*(${unseen.source})`, 'u');
const invisibleHeader =
  'an invisible character is in front of a [section]: SDKs disagree whether a section begins there';
const indentedHeader = 'a [section] begins in the first column: SDKs disagree on an indented one';
const indentedIdentity =
  'it is indented below another key: SDKs disagree whether it is a key of the profile or a part of the value above';
const continuesNothing = 'an indented line continues a key, and none stands above';
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
