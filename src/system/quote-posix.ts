import { printable } from './printable.ts';

/**
 * One word in POSIX single quotes, in which everything is literal. Quotes and backslashes are
 * escaped outside of the single quotes, because fish interprets `\\` inside them; so bash, zsh and
 * fish read the same word. Safe under all options of bash and zsh for a value without control
 * characters (zsh's CSH_JUNKIE_QUOTES fails only for newlines).
 */
export function quotePosix(value: string): string {
  // zsh replaces a word that begins with `=` with the path of a command.
  return /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/.test(value)
    ? value
    : `'${value.replace(/['\\]/g, "'\\$&'")}'`;
}

/**
 * A name or a path as one word of a displayed command, in bash, zsh and fish. Control characters
 * are written in octal for `printf`, so that the word is readable and still works as printed.
 */
export function shellWord(value: string): string {
  if (printable(value) === value) return quotePosix(value);
  // A substitution drops the line ends at its end. Names that end in one are those of directories.
  const whole = value.endsWith('\n') ? `${value}/` : value;
  // The text is read byte by byte. A leading dash would be an option.
  const shown = Buffer.from(whole)
    .toString('latin1')
    .replace(/^-|[^A-Za-z0-9_@+=:,. /-]/g, (byte) => `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`);
  return `"$(printf '${shown}')"`;
}
