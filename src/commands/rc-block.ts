import { join } from 'node:path';
import { quoteFish, quotePosix } from '../shell/index.ts';
import { printablePath, UsageError } from '../system/index.ts';

export type SetupShell = 'bash' | 'zsh' | 'fish';

const begin = '# >>> awsh >>>';
const end = '# <<< awsh <<<';

/**
 * Other changes made to the file together with the block, which are undone when the block is
 * removed.
 */
const notes = {
  none: '# Added by `awsh setup`. `awsh setup --remove` takes it out.',
  lineEnd: '# Added by `awsh setup`, with the line end before it. `awsh setup --remove` takes it out.',
  file: '# Added by `awsh setup`, with this file. `awsh setup --remove` takes it out.',
} as const;

/**
 * The lines that load awsh in a shell, without starting a process. With `home` they name a file
 * below it by $HOME, so that the same dotfiles work on another machine, and print one message in an
 * interactive shell if awsh is missing.
 */
export function loadingLine(shell: SetupShell, packageFolder: string, home?: string): string {
  const file = join(packageFolder, 'shell', `rc.${shell}`);
  const quote = shell === 'fish' ? quoteFish : quotePosix;
  const word = home === undefined ? quote(file) : homeWord(file, home, quote);
  const load = shell === 'fish' ? `if test -r ${word}; source ${word}` : `if [ -r ${word} ]; then . ${word}`;
  if (home === undefined) return `${load}; ${shell === 'fish' ? 'end' : 'fi'}`;
  return `${load}\n${whenMissing(shell, printablePath(packageFolder, home), quote)}`;
}

/**
 * `"$HOME/.local/…"`; a path with characters that are special in double quotes is quoted
 * separately.
 */
function homeWord(file: string, home: string, quote: (text: string) => string): string {
  if (!file.startsWith(`${home}/`)) return quote(file);
  const rest = file.slice(home.length + 1);
  return /^[\w./+@:,=%-]+$/.test(rest) ? `"$HOME/${rest}"` : `"$HOME"/${quote(rest)}`;
}

/**
 * Reads the login file that bash would read if there were no ~/.bash_profile. For a ~/.bash_profile
 * that awsh creates.
 */
export const otherLoginFiles =
  'if [ -f "$HOME/.bash_login" ]; then . "$HOME/.bash_login"; elif [ -f "$HOME/.profile" ]; then . "$HOME/.profile"; fi';

function whenMissing(shell: SetupShell, shown: string, quote: (text: string) => string): string {
  const text = quote(
    `awsh: ${shown} is not there, so awsh is not loaded; next: install awsh again, then run: awsh setup`,
  );
  return shell === 'fish'
    ? `else if status is-interactive; and not set -q AWSH_MISSING; set -gx AWSH_MISSING 1; echo ${text} >&2; end`
    : `elif [ -z "\${AWSH_MISSING-}" ]; then case $- in *i*) export AWSH_MISSING=1; echo ${text} >&2 ;; esac; fi`;
}

/**
 * The rc file's text with this line's block: replaced in its place, or added at the end. `text` is
 * null if there is no file; a file that awsh has created gets `lineWhenNew`. Nothing else in it
 * changes. Throws UsageError if the markers do not form exactly one block.
 */
export function withBlock(text: string | null, line: string, lineWhenNew = line): string {
  const place = text === null ? null : findBlock(text);
  if (text !== null && place !== null) {
    const block = blockText(place.note, place.note === notes.file ? lineWhenNew : line);
    return (
      text.slice(0, place.start) + (place.endsLine ? block : block.slice(0, -1)) + text.slice(place.stop)
    );
  }
  if (text === null) return blockText(notes.file, lineWhenNew);
  if (text === '' || text.endsWith('\n')) return text + blockText(notes.none, line);
  return `${text}\n${blockText(notes.lineEnd, line)}`;
}

/**
 * The text without the block, as it was before; null if the file contained only the block and must
 * be removed. Returns the text unchanged if there is no block.
 */
export function withoutBlock(text: string): string | null {
  const place = findBlock(text);
  if (place === null) return text;
  const before = text.slice(0, place.start);
  const after = text.slice(place.stop);
  if (place.note === notes.file && before + after === '') return null;
  const undoesLineEnd = place.note === notes.lineEnd && after === '';
  return (undoesLineEnd ? before.replace(/\n$/, '') : before) + after;
}

/** True if the text has a block of awsh's, or a part of one. */
export function hasBlock(text: string): boolean {
  return text.includes(begin);
}

function blockText(note: string, line: string): string {
  return `${[begin, note, line, end].join('\n')}\n`;
}

interface BlockPlace {
  readonly start: number;
  readonly stop: number;
  readonly note: (typeof notes)[keyof typeof notes];
  readonly endsLine: boolean;
}

function findBlock(text: string): BlockPlace | null {
  const begins = [...text.matchAll(/^# >>> awsh >>>$/gm)];
  const ends = [...text.matchAll(/^# <<< awsh <<<$(?:\r?\n)?/gm)];
  const [first, last] = [begins[0], ends[0]];
  if (first === undefined && last === undefined) return null;
  if (
    first === undefined ||
    last === undefined ||
    begins.length + ends.length > 2 ||
    first.index > last.index
  ) {
    throw new UsageError(
      'the rc file has markers that do not form one block',
      `there should be one line "${begin}" and, below it, one line "${end}"`,
      'delete the markers and the lines between them by hand',
    );
  }
  const stop = last.index + last[0].length;
  const written = text.slice(first.index, stop).split(/\r?\n/)[1];
  const note = Object.values(notes).find((known) => known === written) ?? notes.none;
  return { start: first.index, stop, note, endsLine: last[0].endsWith('\n') };
}
