/** One section of an AWS file as it is written, and what was odd about its lines. */
import { isBlank, type KeyAndValue, splitLine, trimBlanks } from './split-line.ts';

/** One property as it is written in a file. */
export interface RawProperty extends KeyAndValue {
  readonly line: number;
  /** How many blanks its line begins with: a line that is indented further continues it. */
  readonly indent: number;
  /** The indented lines below: more of the value, or properties of its own where `value` is empty. */
  readonly continuations: { readonly text: string; readonly line: number }[];
  /** The last indented line that belongs to it, a comment included; `line` itself where there is none. */
  lastLine: number;
}

/** A line that the SDKs' common grammar does not allow, and what the lenient reading made of it. */
export interface OddLine {
  readonly line: number;
  /** What is wrong, and what was taken. The line itself is never quoted: it may hold a secret. */
  readonly what: string;
  /** The text between the brackets above it; null before the first section, and without its brackets. */
  readonly header: string | null;
  /** True if the section cannot be trusted: a part of it was not understood, or the SDKs disagree on it. */
  readonly spoilsSection: boolean;
}

/**
 * One section as it is written in a file: nothing merged, nothing dropped; `line` counts from 1. Its properties, checked
 * already, are taken apart when they are asked for: a command wants a handful of a file's thousands.
 */
export class RawSection {
  #properties: readonly RawProperty[] | null = null;
  #repeats: Map<string, number[]> | null = null;
  #end: number;
  #fault: OddLine | null = null;

  constructor(
    /** The text between the brackets. */
    readonly header: string,
    readonly file: string,
    readonly line: number,
    private readonly lines: readonly string[],
    private readonly lenient: boolean,
  ) {
    this.#end = lines.length;
  }

  /** Tells it the line of the next section's header. */
  endBefore(line: number): void {
    this.#end = line - 1;
  }

  /** The last line before the next section's header. */
  get end(): number {
    return this.#end;
  }

  /** The first line for which the section cannot be used; null as a rule, and always in the strict reading. */
  get fault(): OddLine | null {
    return this.#fault;
  }

  spoil(odd: OddLine): void {
    this.#fault ??= odd;
  }

  /** The lines of each key, in lower case, that is in it more than once. */
  get repeats(): ReadonlyMap<string, readonly number[]> {
    return this.#repeats ?? new Map();
  }

  /** Tells it a key that is in it again. */
  addRepeat(key: string, first: number, line: number): void {
    this.#repeats ??= new Map();
    const lines = this.#repeats.get(key) ?? [first];
    this.#repeats.set(key, [...lines, line]);
  }

  get properties(): readonly RawProperty[] {
    this.#properties ??= propertiesOf(this.lines, this.line, this.#end, this.lenient);
    return this.#properties;
  }
}

const hash = 0x23;
const semicolon = 0x3b;

/** The properties between a section's header and its last line, which were checked before. */
function propertiesOf(
  lines: readonly string[],
  header: number,
  end: number,
  lenient: boolean,
): RawProperty[] {
  const properties: RawProperty[] = [];
  for (let line = header + 1; line <= end; line++) {
    const text = lines[line - 1] ?? '';
    const indent = indentOf(text, lenient);
    if (indent === text.length) continue;
    const isComment = isCommentSign(text.charCodeAt(indent));
    const last = properties.at(-1);
    if (last !== undefined && indent > last.indent) {
      if (!isComment) last.continuations.push({ text: trimBlanks(text), line });
      last.lastLine = line;
    } else if (!isComment) {
      const split = splitLine(text, lenient);
      if (split === null || split.key === '') continue;
      properties.push({
        key: split.key,
        value: split.value,
        line,
        indent,
        continuations: [],
        lastLine: line,
      });
    }
  }
  return properties;
}

export function indentOf(text: string, lenient: boolean): number {
  let indent = 0;
  while (indent < text.length && isBlank(text.charCodeAt(indent), lenient)) indent++;
  return indent;
}

export function isCommentSign(code: number): boolean {
  return code === hash || code === semicolon;
}
