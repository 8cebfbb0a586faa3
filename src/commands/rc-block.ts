import { join } from 'node:path';
import { quotePosix } from '../shell/index.ts';
import { UsageError } from '../system/index.ts';

export type SetupShell = 'bash' | 'zsh';

const begin = '# >>> awsh >>>';
const end = '# <<< awsh <<<';

/** What else was done to the file when the block was added, and is undone when it is taken out. */
const notes = {
  none: '# Added by `awsh setup`. `awsh setup --remove` takes it out.',
  lineEnd: '# Added by `awsh setup`, with the line end before it. `awsh setup --remove` takes it out.',
  file: '# Added by `awsh setup`, with this file. `awsh setup --remove` takes it out.',
} as const;

/** The lines that load awsh in a shell: they start no process, and do nothing where the files are gone. */
export function loadingLines(shell: SetupShell, packageFolder: string): string[] {
  const files = [
    join(packageFolder, 'shell', `awsh.${shell}`),
    join(packageFolder, 'completions', shell === 'bash' ? 'awsh.bash' : '_awsh'),
  ];
  return files.map(quotePosix).map((file) => `if [ -r ${file} ]; then . ${file}; fi`);
}

/**
 * The rc file's text with the block of these lines: replaced where it stands, else added at the end. `text` is null
 * where there is no file. Nothing else in it changes. UsageError where the markers do not make one block.
 */
export function withBlock(text: string | null, lines: readonly string[]): string {
  const place = text === null ? null : findBlock(text);
  if (text !== null && place !== null) {
    const block = blockText(place.note, lines);
    return (
      text.slice(0, place.start) + (place.endsLine ? block : block.slice(0, -1)) + text.slice(place.stop)
    );
  }
  if (text === null) return blockText(notes.file, lines);
  if (text === '' || text.endsWith('\n')) return text + blockText(notes.none, lines);
  return `${text}\n${blockText(notes.lineEnd, lines)}`;
}

/**
 * The text without the block, as it was before; null where the file was ours alone and should go. Returns the text
 * itself where there is no block.
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

function blockText(note: string, lines: readonly string[]): string {
  return `${[begin, note, ...lines, end].join('\n')}\n`;
}

interface BlockPlace {
  readonly start: number;
  readonly stop: number;
  readonly note: string;
  readonly endsLine: boolean;
}

function findBlock(text: string): BlockPlace | null {
  const begins = [...text.matchAll(/^# >>> awsh >>>$/gm)];
  const ends = [...text.matchAll(/^# <<< awsh <<<$\n?/gm)];
  const [first, last] = [begins[0], ends[0]];
  if (first === undefined && last === undefined) return null;
  if (
    first === undefined ||
    last === undefined ||
    begins.length + ends.length > 2 ||
    first.index > last.index
  ) {
    throw new UsageError(
      'the rc file has markers that do not make one block',
      `there should be one line "${begin}" and, below it, one line "${end}"`,
      'delete what stands between them, and the markers, by hand',
    );
  }
  const stop = last.index + last[0].length;
  const note = text.slice(first.index, stop).split('\n')[1] ?? '';
  return { start: first.index, stop, note, endsLine: last[0].endsWith('\n') };
}
