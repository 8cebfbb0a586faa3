/** One section of an AWS file as written, with the odd things in its lines. */
import { isBlank, type KeyAndValue, splitLine, trimBlanks } from './split-line.ts';

/** One property as written in a file. */
export interface RawProperty extends KeyAndValue {
  readonly line: number;
  /** The number of blanks at the start of its line: a line with a deeper indent continues it. */
  readonly indent: number;
  /** The indented lines below: more of the value, or nested properties if `value` is empty. */
  readonly continuations: { readonly text: string; readonly line: number }[];
  /**
   * The last indented line that belongs to it, including comments; `line` itself if there is none.
   */
  lastLine: number;
}

/** A line that the SDKs' common grammar does not allow, and how it was read leniently. */
export interface OddLine {
  readonly line: number;
  /**
   * What is wrong, and what was read. The line itself is never quoted, because it may contain a
   * secret.
   */
  readonly what: string;
  /**
   * The text between the brackets above it; null before the first section. The brackets are not
   * included.
   */
  readonly header: string | null;
  /**
   * True if the section cannot be trusted: a part of it is malformed, or the SDKs disagree about
   * it.
   */
  readonly spoilsSection: boolean;
}

/**
 * One section as written in a file: not merged and complete; `line` counts from 1. Its properties,
 * already checked, are parsed only when needed: a command needs a few of a file's thousands.
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

  /** Sets the line of the next section's header. */
  endBefore(line: number): void {
    this.#end = line - 1;
  }

  /** The last line before the next section's header. */
  get end(): number {
    return this.#end;
  }

  /**
   * The first line because of which the section cannot be used; usually null, and always in the
   * strict reading.
   */
  get fault(): OddLine | null {
    return this.#fault;
  }

  spoil(odd: OddLine): void {
    this.#fault ??= odd;
  }

  /** The lines of each property, in lower case, that occurs more than once. */
  get repeats(): ReadonlyMap<string, readonly number[]> {
    return this.#repeats ?? new Map();
  }

  /** Adds a repeated property. */
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

/** The properties between a section's header and its last line, which were already checked. */
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
