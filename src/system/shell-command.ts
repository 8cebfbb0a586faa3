import { printable } from './printable.ts';
import { quotePosix } from './quote-posix.ts';

/**
 * A command line to show to the user: shellCommand`awsh add ${profile}`. Each value becomes one word in bash, zsh and fish.
 * Control characters in it are shown as `?`, as in all other output.
 */
export function shellCommand(texts: TemplateStringsArray, ...values: readonly string[]): string {
  return texts.reduce(
    (line, text, index) => `${line}${quotePosix(printable(values[index - 1] ?? ''))}${text}`,
  );
}

/** The command that opens a file in an editor, at a line if one is given. vi, nano and emacs accept `+LINE`. */
export function editCommand(path: string, line: number | null = null): string {
  return line === null ? shellCommand`vi ${path}` : shellCommand`vi +${String(line)} ${path}`;
}
