// The rows of the picker: facts about each profile, in columns that fit the terminal.
import type { Look } from '../cli/index.ts';
import type { Choice } from '../prompt/index.ts';
import { cutToWidth, padToWidth, printable, textWidth } from '../system/index.ts';

/** One row: the name, account and role of a profile, and the time left of its session. */
export type PickerRow = readonly [name: string, account: string, role: string, left: string];

/**
 * The minimum widths of the columns, in steps. Users choose by the name, so it shrinks last. The
 * first number is the space between columns.
 */
const steps = [
  [2, [30, 6, 6, 5]],
  [1, [30, 1, 1, 5]],
  [1, [4, 1, 1, 2]],
  [1, [1, 1, 1, 1]],
] as const;

/**
 * One line for each profile. As the terminal gets narrower, the columns shrink, the widest first.
 * No column disappears, unless two names would look the same: then the names get the whole line.
 */
export function pickerChoices(rows: readonly PickerRow[], room: number, look: Look): Choice[] {
  const shown = rows.map((row) => row.map(printable));
  const names = shown.map(([name = '']) => name);
  const natural = [0, 1, 2, 3].map((at) => widestOf(shown, at));
  let { columns, gap } = fitColumns(natural, room);
  let cut = cutApart(names, columns[0] ?? 0);
  if (countEqual(cut) > countEqual(names)) {
    columns = [Math.min(natural[0] ?? 0, room), 0, 0, 0];
    cut = cutApart(names, columns[0] ?? 0);
  }
  const paint = [look.bold, look.dim, (text: string) => text, look.green];
  return rows.map(([value], index) => {
    const cells = columns.map((columnWidth, at) => {
      const text = at === 0 ? (cut[index] ?? '') : cutToWidth(shown[index]?.[at] ?? '', columnWidth);
      const padding = padToWidth(text, columnWidth).slice(text.length);
      return { text: text === '' ? '' : (paint[at]?.(text) ?? text), padding, isEmpty: columnWidth === 0 };
    });
    const used = cells.filter(({ isEmpty }) => !isEmpty);
    const line = used.map(({ text, padding }) => text + padding).join(gap);
    return { value, line: line.trimEnd() };
  });
}

const countEqual = (names: readonly string[]) => names.length - new Set(names).size;

/**
 * The names, cut to this many columns: at the end, or in the middle if they would look the same
 * otherwise.
 */
function cutApart(names: readonly string[], columns: number): string[] {
  const least = countEqual(names);
  let best = names.map((name) => cutToWidth(name, columns));
  if (columns < 3) return best;
  const half = Math.floor((columns - 1) / 2);
  // Tries ends of half the room first, then longer and shorter ones.
  const ends = Array.from({ length: columns - 1 }, (_, at) => at + 1);
  ends.sort((a, b) => Math.abs(a - half) - Math.abs(b - half));
  for (const end of ends.slice(0, 8)) {
    if (countEqual(best) <= least) break;
    const cut = names.map((name) => cutInMiddle(name, columns, end));
    if (countEqual(cut) < countEqual(best)) best = cut;
  }
  return best;
}

/** The start and the last `end` columns of a name that does not fit. */
function cutInMiddle(name: string, columns: number, end: number): string {
  if (textWidth(name) <= columns) return name;
  const letters = [...name];
  let kept = '';
  for (let letter = letters.pop(); letter !== undefined; letter = letters.pop()) {
    if (textWidth(letter + kept) > end) break;
    kept = letter + kept;
  }
  return cutToWidth(name, columns - textWidth(kept)) + kept;
}

function widestOf(shown: readonly string[][], at: number): number {
  return shown.reduce((widest, row) => Math.max(widest, textWidth(row[at] ?? '')), 0);
}

/** The widths that fit, and the gap between the columns; an empty column has no width. */
function fitColumns(natural: readonly number[], room: number): { columns: number[]; gap: string } {
  const columns = [...natural];
  const gaps = Math.max(0, columns.filter((width) => width > 0).length - 1);
  for (const [between, floors] of steps) {
    const excess = () => columns.reduce((sum, width) => sum + width, gaps * between) - room;
    while (excess() > 0) {
      const spare = columns.map((width, at) => width - (floors[at] ?? 0));
      const most = Math.max(...spare);
      if (most <= 0) break;
      columns[spare.indexOf(most)] = (columns[spare.indexOf(most)] ?? 0) - 1;
    }
    if (excess() <= 0) return { columns, gap: ' '.repeat(between) };
  }
  return { columns, gap: ' ' };
}
