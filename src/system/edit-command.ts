/** The command that opens a file in the user's editor, for next commands. */
import { basename } from 'node:path';
import { shellWord } from './quote-posix.ts';

/** Editors that take `+LINE FILE`. */
const plusLine =
  /^(vi|vim|nvim|nvi|view|vim\.[a-z]+|nano|pico|emacs|emacsclient|micro|kak|joe|jed|mg|ne|zile|gedit|mcedit)$/;
const gotoLine = /^(code|code-insiders|codium|cursor|windsurf)$/;
const colonLine = /^(hx|helix|subl|zed)$/;

let editor = 'vi';

/**
 * Sets the editor for this process: VISUAL, else EDITOR, else vi. A value that is not plain words
 * is ignored, and so is a program with a relative path: the working directory must not determine
 * what a user pastes.
 */
export function useEditor({ VISUAL, EDITOR }: Readonly<Record<string, string | undefined>>): void {
  const isPlain = (words: string | undefined) =>
    words !== undefined && /^(\/[\w./+-]+|[\w+-]+)( [\w=.+-]+)*$/.test(words);
  editor = [VISUAL, EDITOR].find(isPlain) ?? 'vi';
}

/**
 * Opens a file, at a line if one is given and the editor's option for it is known. A path that
 * begins with `~/` stays so.
 */
export function editCommand(path: string, line: number | null = null): string {
  const file = /^~\/[\w@%+=:,./-]*$/.test(path) ? path : shellWord(path);
  const name = basename(editor.split(' ')[0] ?? '');
  if (line === null) return `${editor} ${file}`;
  if (plusLine.test(name)) return `${editor} +${line} ${file}`;
  if (gotoLine.test(name)) return `${editor} --goto ${file}:${line}`;
  return colonLine.test(name) ? `${editor} ${file}:${line}` : `${editor} ${file}`;
}
