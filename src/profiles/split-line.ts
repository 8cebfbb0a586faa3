/** One line of an AWS file taken apart: key, value, comment, blanks. */
export interface KeyAndValue {
  readonly key: string;
  readonly value: string;
}

export interface SplitLine extends KeyAndValue {
  /** Where the `=` is, or the `:` in its place. */
  readonly at: number;
  /** What only the lenient reading takes, in words; null where every SDK reads the line so. */
  readonly odd: string | null;
}

/** What botocore and aws-vault take for a key before a `:`; the SDKs' grammar has other characters in keys, too. */
const plainKey = /^[A-Za-z0-9_]+$/;

/**
 * Splits a line at the first `=`. Leniently also at a `:` in its place, as botocore and aws-vault do, and without the
 * no-break and other Unicode spaces around key and value, which botocore, aws-vault and the SDK for JavaScript trim.
 * A comment needs a space before it, as SSO start URLs hold a `#`. Null for a line that is no key and value.
 */
export function splitLine(text: string, lenient: boolean): SplitLine | null {
  const body = text.slice(0, commentStart(text));
  const equals = body.indexOf('=');
  if (!lenient) return equals < 0 ? null : splitAt(body, equals, trimBlanks, null);
  const colon = body.indexOf(':');
  const isColon =
    colon > 0 && (equals < 0 || colon < equals) && plainKey.test(trimSpaces(body.slice(0, colon)));
  if (isColon) return splitAt(body, colon, trimSpaces, 'a : in place of the = is read as one');
  if (equals < 0) return null;
  const split = splitAt(body, equals, trimSpaces, null);
  const strict = splitAt(body, equals, trimBlanks, null);
  const same = split.key === strict.key && split.value === strict.value;
  return same
    ? split
    : { ...split, odd: 'a no-break space (or its like) at an end of key or value is left out' };
}

function splitAt(body: string, at: number, trim: (text: string) => string, odd: string | null): SplitLine {
  return { key: trim(body.slice(0, at)), value: trim(body.slice(at + 1)), at, odd };
}

/** A property of a nested block, by the `=` alone; null without one. */
export function splitProperty(text: string): KeyAndValue | null {
  return splitLine(text, false);
}

/** Where the comment at the end of a property's line begins; the line's length where it has none. */
export function commentStart(text: string): number {
  const comment = text.search(/[ \t][#;]/);
  return comment < 0 ? text.length : comment + 1;
}

/** True for `[…]` with blanks or a comment around it. */
export function isHeaderLike(text: string): boolean {
  const content = trimSpaces(text);
  return content.startsWith('[') && trimSpaces(content.split(/[#;]/, 1)[0] ?? '').endsWith(']');
}

/** Trims spaces and tabs alone: what else Unicode calls a space is content to the SDKs' common grammar. */
export function trimBlanks(text: string): string {
  return trimWith(text, false);
}

function trimSpaces(text: string): string {
  return trimWith(text, true);
}

function trimWith(text: string, lenient: boolean): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start), lenient)) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1), lenient)) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

/** A space or a tab; leniently also what Python, Go and JavaScript all call a space and no line's end. */
export function isBlank(code: number, lenient: boolean): boolean {
  if (code === 0x20 || code === 0x09) return true;
  if (!lenient || (code > 0x0c && code < 0xa0)) return false;
  return (
    code === 0x0b || code === 0x0c || (code >= 0xa0 && unicodeSpaces.includes(String.fromCharCode(code)))
  );
}

const unicodeSpaces =
  '\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000';
