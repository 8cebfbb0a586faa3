/**
 * One word in POSIX single quotes: everything between them is literal. Quotes and backslashes are escaped outside of the
 * single quotes, because fish gives `\\` a meaning between them; so bash, zsh and fish read the same word. Sound under all
 * options of bash and zsh for a value without control characters (zsh's CSH_JUNKIE_QUOTES breaks on newlines only).
 */
export function quotePosix(value: string): string {
  // zsh replaces a word that begins with `=` by the path of a command.
  return /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/.test(value)
    ? value
    : `'${value.replace(/['\\]/g, "'\\$&'")}'`;
}
