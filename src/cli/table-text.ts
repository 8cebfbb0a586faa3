import { printable } from '../system/index.ts';

/**
 * A table for people: columns as wide as their widest cell, two spaces between them, no trailing space. Cells go
 * through `printable`. Where it is wider than `columns`, the widest columns are cut, with an ellipsis.
 */
export function tableText(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  columns = Number.POSITIVE_INFINITY,
): string {
  const cells = [titles, ...rows].map((row) => titles.map((_, at) => printable(row[at] ?? '')));
  const widths = titles.map((_, at) => Math.max(...cells.map((row) => width(row[at] ?? ''))));
  const gaps = 2 * (titles.length - 1);
  while (sum(widths) + gaps > columns) {
    const widest = widths.indexOf(Math.max(...widths));
    const now = widths[widest] ?? 0;
    if (now <= 8) break;
    widths[widest] = now - 1;
  }
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => inColumn(cell, widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return `${cells.map(line).join('\n')}\n`;
}

function inColumn(cell: string, columns: number): string {
  const letters = [...cell];
  const text = letters.length > columns ? `${letters.slice(0, columns - 1).join('')}…` : cell;
  return text + ' '.repeat(columns - width(text));
}

function width(text: string): number {
  return [...text].length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
