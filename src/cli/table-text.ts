import { cutToWidth, padToWidth, printable, textWidth } from '../system/index.ts';
import { type Look, plainLook } from './look.ts';
import { labelled, wrapWords } from './wrapped-text.ts';

/** Shown in place of an empty cell. */
const nothing = '-';
const gap = '  ';
/** In columns. A cell is not cut further, because the rest of an ARN would be meaningless. */
const leastCell = 12;
/** In columns. Narrower text is hard to read. */
const leastProse = 24;
/** In columns. A row's name longer than this may be on a line of its own. */
const longName = 24;

/**
 *
 * A table for users: columns as wide as their widest cell, two spaces between them, no trailing
 * space. Cells go through `printable`; `-` is an empty cell.
 *
 * If it is wider than the look's room, the columns that are empty are dropped first. Next the first
 * column, which names the row, is narrowed, and longer names are put on a line above their row.
 * Next the widest of the others are cut, with an ellipsis. If that is still too wide, each row
 * becomes a block of lines. A name is never cut.
 */
export function tableText(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  look: Look = plainLook,
): string {
  const whole = gridOf(titles, printableCells(titles, rows));
  const { cells } = whole;
  const grid = whole.width <= look.room ? whole : cutTo(narrowed(withoutEmpty(whole), look.room), look.room);
  return grid.width <= look.room ? gridText(grid, look) : blocksText(titles, cells, look);
}

function printableCells(titles: readonly string[], rows: readonly (readonly string[])[]): string[][] {
  return rows.map((row) => titles.map((_, at) => printable(row[at] ?? '')));
}

interface Grid {
  readonly titles: readonly string[];
  readonly cells: readonly (readonly string[])[];
  readonly widths: readonly number[];
  readonly width: number;
}

function gridOf(
  titles: readonly string[],
  cells: readonly (readonly string[])[],
  widths = titles.map((title, at) =>
    Math.max(...[title, ...cells.map((row) => row[at] ?? '')].map(textWidth)),
  ),
): Grid {
  const width = widths.reduce((total, each) => total + each, gap.length * (widths.length - 1));
  return { titles, cells, widths, width };
}

function withoutEmpty({ titles, cells }: Grid): Grid {
  const kept = titles.map((_, at) => at === 0 || cells.some((row) => !saysNothing(row[at])));
  const pick = (row: readonly string[]) => row.filter((_, at) => kept[at]);
  return gridOf(pick(titles), cells.map(pick));
}

function narrowed({ titles, cells, widths, width }: Grid, room: number): Grid {
  const [first = 0, ...rest] = widths;
  const excess = Math.max(0, width - room);
  return gridOf(titles, cells, [Math.max(Math.min(first, longName), first - excess), ...rest]);
}

function cutTo({ titles, cells, widths, width }: Grid, room: number): Grid {
  const cut = [...widths];
  for (let excess = width - room; excess > 0; excess -= 1) {
    const widest = Math.max(...cut.slice(1));
    if (widest <= leastCell) break;
    cut[cut.indexOf(widest, 1)] = widest - 1;
  }
  return gridOf(titles, cells, cut);
}

function gridText({ titles, cells, widths }: Grid, look: Look): string {
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => padToWidth(cutToWidth(cell, widths[at] ?? 0), widths[at] ?? 0))
      .join(gap)
      .trimEnd();
  const rowLines = ([name = '', ...rest]: readonly string[]) =>
    textWidth(name) <= (widths[0] ?? 0) ? [line([name, ...rest])] : [name, line(['', ...rest])];
  return `${[look.bold(line(titles)), ...cells.flatMap(rowLines)].join('\n')}\n`;
}

/**
 * A table whose last column is text, wrapped at words in its own column. If that column would be
 * too narrow, each row becomes a block of lines. No cell is cut.
 */
export function proseTableText(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  look: Look = plainLook,
): string {
  const whole = gridOf(titles, printableCells(titles, rows));
  const { cells } = whole;
  if (whole.width <= look.room) return gridText(whole, look);
  const last = titles.length - 1;
  const room = look.room - (whole.width - (whole.widths[last] ?? 0));
  if (room < leastProse) return blocksText(titles, cells, look);
  const wrapped = cells.flatMap((row) =>
    wrapWords(row[last] ?? '', room).map((line, at) => [
      ...row.slice(0, last).map((cell) => (at === 0 ? cell : '')),
      line,
    ]),
  );
  return gridText(gridOf(titles, wrapped), look);
}

/** The row's name, and below it each non-empty cell, wrapped at words. Nothing is cut. */
function blocksText(titles: readonly string[], cells: readonly (readonly string[])[], look: Look): string {
  const labels = titles.map((title) => title.toLowerCase());
  const labelWidth = Math.max(...labels.slice(1).map(textWidth));
  const lines = cells.flatMap(([name = '', ...rest]) => [
    look.bold(name),
    ...rest.flatMap((cell, at) =>
      saysNothing(cell)
        ? []
        : labelled(gap + (labels[at + 1] ?? ''), cell, labelWidth + 2 * gap.length, look),
    ),
  ]);
  return lines.map((line) => `${line}\n`).join('');
}

function saysNothing(cell: string | undefined): boolean {
  return cell === undefined || cell === '' || cell === nothing;
}
