/** The lines of an AWS file that contain access keys, as written: not merged and complete. */
import { isUtf8 } from 'node:buffer';
import { commentStart, trimBlanks } from '../profiles/index.ts';

export type KeyField = 'id' | 'secret' | 'token';

/** A line with a key id, a secret or a session token. */
export interface KeyLine {
  readonly field: KeyField;
  /** Without surrounding blanks and without a comment. */
  readonly value: string;
  /** Counted from 1. */
  readonly line: number;
  /** Why programs disagree about the line; null if they agree. */
  readonly fault: string | null;
}

/** A section as written in a file. */
export interface KeySection {
  /** The header's own line, counted from 1; 0 for the lines above the first header. */
  readonly line: number;
  /** The text between the brackets. */
  readonly header: string;
  /** The profile's name, in whatever spelling; null if this is not a profile's section. */
  readonly profile: string | null;
  /** Why programs disagree about the header; null if they agree. */
  readonly fault: string | null;
  readonly keyLines: readonly KeyLine[];
}

/**
 * A file's lines without their line breaks, and the line breaks: LF, CRLF or CR, as in the AWS CLI.
 */
export interface FileLines {
  /** The byte order mark, or nothing. */
  readonly mark: string;
  readonly lines: readonly string[];
  readonly breaks: readonly string[];
}

const byteOrderMark = '\xef\xbb\xbf';

const fieldOfKey: Readonly<Record<string, KeyField>> = {
  aws_access_key_id: 'id',
  aws_secret_access_key: 'secret',
  aws_session_token: 'token',
  aws_security_token: 'token',
};
const keyNames = Object.keys(fieldOfKey).join('|');
/** The form that the AWS CLI and the SDKs write. */
const plainLine = new RegExp(`^(${keyNames})[ \\t]*=`, 'i');
/**
 * Anything that some program may read in the same way: indented, with a colon, quoted, or as a
 * shell command.
 */
const oddLine = new RegExp(`^[ \\t]*(?:export[ \\t]+|set[ \\t]+)?["']?(${keyNames})["']?[ \\t]*[=:]`, 'i');

/** `bytes` has one character for each byte (latin1). */
export function splitFile(bytes: string): FileLines {
  const mark = bytes.startsWith(byteOrderMark) ? byteOrderMark : '';
  const lines: string[] = [];
  const breaks: string[] = [];
  for (const [whole, line = '', lineBreak = ''] of bytes
    .slice(mark.length)
    .matchAll(/([^\r\n]*)(\r\n|\n|\r|$)/g)) {
    if (whole === '') continue;
    lines.push(line);
    breaks.push(lineBreak);
  }
  return { mark, lines, breaks };
}

/** Every section of the file with its key lines, in order. */
export function keySections(lines: readonly string[]): KeySection[] {
  const sections: { head: Omit<KeySection, 'keyLines'>; keyLines: KeyLine[] }[] = [];
  const above = { line: 0, header: '', profile: null, fault: 'there is no [section] above it' };
  for (const [index, text] of lines.entries()) {
    if (/^[ \t]*\[/.test(text)) sections.push({ head: headOf(text, index + 1), keyLines: [] });
    const keyLine = keyLineOf(lines, index);
    if (keyLine === null) continue;
    if (sections.length === 0) sections.push({ head: above, keyLines: [] });
    sections.at(-1)?.keyLines.push(keyLine);
  }
  return sections.map(({ head, keyLines }) => ({ ...head, keyLines }));
}

function headOf(text: string, line: number): Omit<KeySection, 'keyLines'> {
  const inner = /^[ \t]*\[([^\]]*)/.exec(text)?.[1] ?? '';
  const header = trimBlanks(inner);
  const isPlain = /^\[[^\]#;]*\][ \t]*([#;].*)?$/.test(text);
  const fault = /^[ \t]/.test(text)
    ? 'its [section] line is indented'
    : profileOf(header) === ''
      ? 'its [section] line has no name'
      : !isPlain
        ? 'its [section] line has something else in it'
        : isUtf8(Buffer.from(header, 'latin1'))
          ? null
          : 'its name is not UTF-8';
  return { line, header, profile: profileOf(header), fault };
}

/** `[work]`, `[ work ]`, `[profile work]`, `[profile "work"]`: each is `work` for some program. */
function profileOf(header: string): string | null {
  if (/^(sso-session|services|plugins|preview)([ \t]|$)/.test(header)) return null;
  const name = trimBlanks(header.replace(/^profile[ \t]+/, ''));
  const quoted = /^(["'])(.*)\1$/.exec(name);
  return Buffer.from(trimBlanks(quoted?.[2] ?? name), 'latin1').toString('utf8');
}

function keyLineOf(lines: readonly string[], index: number): KeyLine | null {
  const text = lines[index] ?? '';
  const plain = plainLine.exec(text);
  const [, name = ''] = plain ?? oddLine.exec(text) ?? [];
  const field = fieldOfKey[name.toLowerCase()];
  if (field === undefined) return null;
  const body = text.slice(0, commentStart(text));
  const value = asText(trimBlanks(body.slice(body.search(/[=:]/) + 1)));
  const fault =
    plain === null
      ? /^[ \t]/.test(text)
        ? 'the line is indented'
        : 'the line is not NAME = VALUE'
      : isContinued(lines, index)
        ? 'an indented line follows, which may belong to it'
        : null;
  return { field, value, line: index + 1, fault };
}

/** The bytes as text, if they are valid UTF-8. */
function asText(bytes: string): string {
  const buffer = Buffer.from(bytes, 'latin1');
  return isUtf8(buffer) ? buffer.toString('utf8') : bytes;
}

/**
 * Whether the next line that is not blank is indented: some programs read it, even a comment, as
 * part of the value.
 */
function isContinued(lines: readonly string[], index: number): boolean {
  for (let at = index + 1; at < lines.length; at++) {
    const text = lines[at] ?? '';
    if (trimBlanks(text) !== '' && !/^[#;]/.test(text)) return /^[ \t]/.test(text);
  }
  return false;
}

/**
 * The file without these lines. Every other line is unchanged, including the header of a section
 * that becomes empty. A comment after a removed value is kept, on a line of its own.
 */
export function withoutLines({ mark, lines, breaks }: FileLines, gone: ReadonlySet<number>): string {
  let bytes = mark;
  for (const [index, text] of lines.entries()) {
    const kept = gone.has(index + 1) ? keptComment(text) : text;
    if (kept !== null) bytes += kept + breaks[index];
  }
  return bytes;
}

/** The comment after the value in a key's line; null if there is none. */
function keptComment(text: string): string | null {
  const comment = text.slice(commentStart(text));
  return comment === '' ? null : comment;
}
