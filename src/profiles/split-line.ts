/** One line of an AWS file, split into key, value, comment and blanks. */
export interface KeyAndValue {
  readonly key: string;
  readonly value: string;
}

export interface SplitLine extends KeyAndValue {
  /** The position of the `=`, or of the `:` in its place. */
  readonly at: number;
  /**
   * What only the lenient reading accepts, as text; null if every SDK reads the line in the same
   * way.
   */
  readonly odd: string | null;
}

/**
 * What botocore and aws-vault accept as a key before a `:`; the SDKs' grammar allows other
 * characters in keys, too.
 */
const plainKey = /^[A-Za-z0-9_]+$/;

/**
 * Splits a line at the first `=`. Leniently also at a `:`, as botocore and aws-vault do, and trims
 * no-break and other Unicode spaces around key and value, as botocore, aws-vault and the SDK for
 * JavaScript do. A comment needs a space before it, because SSO start URLs contain a `#`. Null for
 * a line that is not key and value.
 */
export function splitLine(text: string, lenient: boolean): SplitLine | null {
  const body = text.slice(0, commentStart(text));
  const equals = body.indexOf('=');
  if (!lenient) return equals < 0 ? null : splitAt(body, equals, trimBlanks, null);
  const colon = body.indexOf(':');
  const isColon =
    colon > 0 && (equals < 0 || colon < equals) && plainKey.test(trimSpaces(body.slice(0, colon)));
  if (isColon) return splitAt(body, colon, trimSpaces, 'a : instead of the = is read as an =');
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

/** A property of a nested block, which must have a `=`; null without one. */
export function splitProperty(text: string): KeyAndValue | null {
  return splitLine(text, false);
}

/**
 * The position of the comment at the end of a property's line; the line's length if there is none.
 */
export function commentStart(text: string): number {
  const comment = text.search(/[ \t][#;]/);
  return comment < 0 ? text.length : comment + 1;
}

/** True for `[…]` with blanks or a comment around it. */
export function isHeaderLike(text: string): boolean {
  const content = trimSpaces(text);
  return content.startsWith('[') && trimSpaces(content.split(/[#;]/, 1)[0] ?? '').endsWith(']');
}

/** Trims only spaces and tabs: in the SDKs' common grammar other Unicode spaces are content. */
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

/**
 * A space or a tab; leniently also what Python, Go and JavaScript all treat as a space and not as a
 * line end.
 */
export function isBlank(code: number, lenient: boolean): boolean {
  if (code === 0x20 || code === 0x09) return true;
  if (!lenient || (code > 0x0c && code < 0xa0)) return false;
  return (
    code === 0x0b || code === 0x0c || (code >= 0xa0 && unicodeSpaces.includes(String.fromCharCode(code)))
  );
}

const unicodeSpaces =
  '\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000';
