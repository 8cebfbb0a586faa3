// Properties in the form in which they are written to an AWS file.
import { UsageError } from '../system/index.ts';
import type { KeysAndValues } from './open-text.ts';
import { commentStart, splitLine, trimBlanks } from './split-line.ts';

/** Keeps the line's spacing and its comment. */
export function replaceValue(line: string, value: string): string {
  const comment = commentStart(line);
  const equals = splitLine(line, true)?.at ?? line.indexOf('=');
  const old = line.slice(equals + 1, comment);
  const trimmed = trimBlanks(old);
  if (trimmed === value) return line;
  const at = trimmed === '' ? 0 : old.indexOf(trimmed);
  const spaced = /[ \t]$/.test(line.slice(0, equals)) ? ' ' : '';
  const before = trimmed === '' ? spaced : old.slice(0, at);
  const after = trimmed === '' ? (comment < line.length ? ' ' : '') : old.slice(at + trimmed.length);
  return line.slice(0, equals + 1) + before + value + after + line.slice(comment);
}

export function formatProperties(properties: KeysAndValues): string[] {
  const seen = new Set<string>();
  return [...properties].map(([key, value]) => {
    requireKey(key, seen);
    requireValue(key, value);
    return `${key} = ${value}`;
  });
}

function requireKey(key: string, seen: Set<string>): void {
  if (!/^[A-Za-z0-9_.-]+$/.test(key)) {
    throw new UsageError(
      'a key to be written to an AWS file has characters that are not allowed',
      'letters, digits and _ . - are allowed',
    );
  }
  if (seen.has(key.toLowerCase())) {
    throw new UsageError(
      `${key} was to be written twice into one section`,
      'the AWS CLI refuses such a file',
    );
  }
  seen.add(key.toLowerCase());
}

/**
 * The value must be read back unchanged, and must not start a new line. It may be a secret, so
 * errors do not quote it.
 */
function requireValue(key: string, value: string): void {
  const why = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(value)
    ? 'it has control characters'
    : trimBlanks(value) !== value
      ? 'it begins or ends with a space'
      : /(^|[ \t])[#;]/.test(value)
        ? 'a # or ; at its beginning, or after a space, would begin a comment'
        : null;
  if (why !== null) throw new UsageError(`this value for ${key} cannot be written to an AWS file`, why);
}
