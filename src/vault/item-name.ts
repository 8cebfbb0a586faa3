import { createHash } from 'node:crypto';

const longest = 180;

/**
 * An item's name as a file name that is valid on every file system. Characters other than `a-z 0-9
 * . _ @ + = , -` are escaped as %XX bytes (capitals too, because some file systems ignore case). A
 * name that is too long is cut and hashed.
 */
export function fileNameOf(item: string): string {
  const escaped = [...Buffer.from(item)]
    .map(escapeByte)
    .join('')
    .replace(/^[.-]/, (first) => percent(first.charCodeAt(0)));
  if (escaped.length <= longest) return escaped;
  return `${escaped.slice(0, 100)}~${createHash('sha256').update(item).digest('hex')}`;
}

/**
 * The item that a file belongs to; null if the name was cut, or was not made by {@link fileNameOf}.
 */
export function itemOfFileName(file: string): string | null {
  try {
    const item = decodeURIComponent(file);
    return fileNameOf(item) === file ? item : null;
  } catch {
    return null;
  }
}

function escapeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[a-z0-9._@+=,-]/.test(character) ? character : percent(byte);
}

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
