// The text of an AWS file during an edit, line by line.
import { printable, UsageError } from '../system/index.ts';
import type { LineChanges } from './line-changes.ts';
import { parseLines } from './parse-lines.ts';
import type { OddLine, RawProperty, RawSection } from './raw-section.ts';
import { type AwsFileKind, parseHeader, type SectionName } from './section-name.ts';
import { trimBlanks } from './split-line.ts';

/**
 *
 * An AWS file's content during an edit. Each edit returns a new text in which everything it does
 * not concern is unchanged: comments, order, line breaks and the byte order mark.
 *
 * `bytes` has one character for each byte (latin1), so that bytes that are not UTF-8 are preserved;
 * the grammar needs only ASCII.
 */
export interface AwsFileText {
  readonly path: string;
  readonly kind: AwsFileKind;
  readonly bytes: string;
}

export type KeysAndValues = Iterable<readonly [key: string, value: string]>;

const byteOrderMark = '\xef\xbb\xbf';

/** A parsed text. Odd lines are kept, and do not prevent edits of other sections. */
export class OpenFile {
  /** Without their line breaks, which are in `breaks`. */
  readonly lines: string[] = [];
  readonly #breaks: string[] = [];
  readonly #mark: string;
  readonly sections: readonly RawSection[];
  /** True for a file that every SDK can read. */
  readonly isStrict: boolean;
  #byName: Map<string, RawSection[]> | null = null;

  constructor(readonly text: AwsFileText) {
    this.#mark = text.bytes.startsWith(byteOrderMark) ? byteOrderMark : '';
    const body = text.bytes.slice(this.#mark.length);
    for (const [whole, line = '', lineBreak = ''] of body.matchAll(/([^\r\n]*)(\r\n|\n|\r|$)/g)) {
      if (whole === '') continue;
      this.lines.push(line);
      this.#breaks.push(lineBreak);
    }
    const odd: OddLine[] = [];
    this.sections = parseLines(this.lines.map(fromBytes), text.path, odd);
    this.isStrict = odd.length === 0;
  }

  /**
   * The sections that apply: in the config file, [profile default] makes [default] ineffective.
   * Throws UsageError if one of them is malformed.
   */
  sectionsNamed(section: SectionName): RawSection[] {
    const all = this.allNamed(section);
    const fault = all.find((raw) => raw.fault !== null)?.fault;
    if (fault != null) {
      throw new UsageError(`${printable(this.text.path)}:${fault.line} is malformed`, fault.what);
    }
    const prefixed = all.filter((raw) => raw.header !== 'default');
    return this.text.kind === 'config' && prefixed.length > 0 ? prefixed : all;
  }

  allNamed(section: SectionName): RawSection[] {
    this.#byName ??= this.#groupByName();
    return this.#byName.get(nameOf(section)) ?? [];
  }

  #groupByName(): Map<string, RawSection[]> {
    const groups = new Map<string, RawSection[]>();
    for (const raw of this.sections) {
      const header = parseHeader(raw.header, this.text.kind, true);
      if (header === null) continue;
      const group = groups.get(nameOf(header));
      if (group === undefined) groups.set(nameOf(header), [raw]);
      else group.push(raw);
    }
    return groups;
  }

  /**
   * Like {@link lastLine}, including malformed lines, because they would spoil the section above.
   */
  lastContentLine(raw: RawSection): number {
    let line = raw.end;
    while (line > lastLine(raw) && /^[ \t]*([#;].*)?$/.test(this.lines[line - 1] ?? '')) line--;
    return line;
  }

  /**
   * The lines of a property: its own and the indented ones below, without blank lines and comments
   * in the first column.
   */
  linesOf(property: RawProperty): number[] {
    const lines = [property.line];
    for (let line = property.line + 1; line <= property.lastLine; line++) {
      const content = this.lines[line - 1] ?? '';
      if (/^[ \t]/.test(content) && trimBlanks(content) !== '') lines.push(line);
    }
    return lines;
  }

  /**
   * The text with new lines after the given one, with the same line break, or as the file's first
   * line.
   */
  insert(afterLine: number, added: readonly string[]): AwsFileText {
    const lineBreak = this.#breaks[afterLine - 1] || this.#breaks[0] || '\n';
    const before = this.#render(0, afterLine);
    const opening = before === '' || /[\r\n]$/.test(before) ? '' : lineBreak;
    const bytes = added.map((line) => toBytes(line) + lineBreak).join('');
    return this.#withBody(before + opening + bytes + this.#render(afterLine, this.lines.length));
  }

  without(lines: Iterable<number>): AwsFileText {
    const gone = new Set(lines);
    return this.#withBody(this.#render(0, this.lines.length, (line) => !gone.has(line)));
  }

  /** The text with these changes, made at once. */
  changed(changes: LineChanges): AwsFileText {
    let bytes = '';
    for (let line = 1; line <= this.lines.length; line++) {
      const text = changes.textOf(line, this.lines[line - 1] ?? '');
      if (text !== null) bytes += `${text}${this.#breaks[line - 1]}`;
      const lineBreak = this.#breaks[line - 1] || this.#breaks[0] || '\n';
      for (const added of changes.addedAfter(line)) bytes += toBytes(added) + lineBreak;
    }
    return this.#withBody(bytes);
  }

  #render(from: number, to: number, keeps: (line: number) => boolean = () => true): string {
    let bytes = '';
    for (let index = from; index < to; index++) {
      if (keeps(index + 1)) bytes += `${this.lines[index]}${this.#breaks[index]}`;
    }
    return bytes;
  }

  #withBody(body: string): AwsFileText {
    return { ...this.text, bytes: this.#mark + body };
  }
}

const nameOf = ({ kind, name }: SectionName): string => `${kind} ${name}`;

export function propertiesNamed(sections: readonly RawSection[], key: string): RawProperty[] {
  const wanted = key.toLowerCase();
  return sections.flatMap((raw) => raw.properties.filter((it) => it.key.toLowerCase() === wanted));
}

export function lastLine({ line, properties }: RawSection): number {
  return properties.at(-1)?.lastLine ?? line;
}

export function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

export function fromBytes(line: string): string {
  return /^[\x00-\x7f]*$/.test(line) ? line : Buffer.from(line, 'latin1').toString('utf8');
}
