/**
 * Changes to the lines of a text, which are counted from 1: each line keeps its number until all
 * are made.
 */
export class LineChanges {
  readonly #replaced = new Map<number, string>();
  readonly #dropped = new Set<number>();
  readonly #first = new Map<number, string[]>();
  readonly #added = new Map<number, string[]>();

  /** Null if the line is dropped. */
  textOf(line: number, text: string): string | null {
    return this.#dropped.has(line) ? null : (this.#replaced.get(line) ?? text);
  }

  addedAfter(line: number): string[] {
    return [...(this.#first.get(line) ?? []), ...(this.#added.get(line) ?? [])];
  }

  replace(line: number, text: string): void {
    this.#replaced.set(line, text);
  }

  drop(line: number): void {
    this.#dropped.add(line);
  }

  /** After lines that were already added there. */
  insert(afterLine: number, lines: readonly string[]): void {
    this.#added.set(afterLine, [...(this.#added.get(afterLine) ?? []), ...lines]);
  }

  /** Directly after the line, before lines that were added there. */
  insertFirst(afterLine: number, lines: readonly string[]): void {
    this.#first.set(afterLine, [...(this.#first.get(afterLine) ?? []), ...lines]);
  }
}
