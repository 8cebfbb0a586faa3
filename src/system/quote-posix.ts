/**
 * POSIX single quotes: everything is literal but the quote itself. Sound in bash and in zsh under any options for a value
 * without control characters (zsh's CSH_JUNKIE_QUOTES breaks on newlines only).
 */
export function quotePosix(value: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
