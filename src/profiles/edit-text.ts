import { printable, UsageError } from '../system/index.ts';
import { parseLines } from './parse-lines.ts';
import type { OddLine, RawProperty, RawSection } from './raw-section.ts';
import { type AwsFileKind, formatHeader, parseHeader, type SectionName } from './section-name.ts';
import { commentStart, splitLine, trimBlanks } from './split-line.ts';

/**
 * An AWS file's content while it is edited. Each edit gives a new text in which every line that it does not concern,
 * comment, order, line break and byte order mark included, is what it was.
 *
 * `bytes` holds one character a byte (latin1), so that even a byte that is not UTF-8 comes through unchanged; what the
 * grammar looks at is ASCII.
 */
export interface AwsFileText {
  readonly path: string;
  readonly kind: AwsFileKind;
  readonly bytes: string;
}

export type KeysAndValues = Iterable<readonly [key: string, value: string]>;

const byteOrderMark = '\xef\xbb\xbf';

export function hasSection(text: AwsFileText, section: SectionName): boolean {
  return open(text).allNamed(section).length > 0;
}

/** Those of these sections that the file does not have. */
export function missingSections(text: AwsFileText, sections: readonly SectionName[]): SectionName[] {
  const file = open(text);
  return sections.filter((section) => file.allNamed(section).length === 0);
}

/** Appends empty sections, one after the other; those that the file has are passed over. */
export function addSections(text: AwsFileText, sections: readonly SectionName[]): AwsFileText {
  const file = open(text);
  const missing = missingSections(text, sections);
  const lines = missing.flatMap((section) => ['', formatHeader(section, text.kind)]);
  const last = file.lines.at(-1);
  return file.insert(
    file.lines.length,
    last === undefined || trimBlanks(last) === '' ? lines.slice(1) : lines,
  );
}

/** Appends a section after a blank line. Nothing is changed where the file already has one of that name. */
export function addSection(text: AwsFileText, section: SectionName, properties: KeysAndValues): AwsFileText {
  const header = formatHeader(section, text.kind);
  const file = open(text);
  if (file.sectionsNamed(section).length > 0) return text;
  const added = [header, ...formatProperties(properties)];
  const last = file.lines.at(-1);
  if (last !== undefined && trimBlanks(last) !== '') added.unshift('');
  return file.insert(file.lines.length, added);
}

/**
 * Gives a key its value: in place where the section has the key (its indented lines go, the comment on its line
 * stays), else at the section's end, else in a new section. Where a key stands there twice, the one that counts is
 * changed.
 */
export function setKey(text: AwsFileText, section: SectionName, key: string, value: string): AwsFileText {
  const [added = ''] = formatProperties([[key, value]]);
  const file = open(text);
  const sections = file.sectionsNamed(section);
  const target = sections.at(-1);
  if (target === undefined) return addSection(text, section, [[key, value]]);
  const there = propertiesNamed(sections, key).at(-1);
  if (there === undefined) return file.insert(lastLine(target), [added]);
  const [first = ''] = file.lines.slice(there.line - 1);
  file.lines[there.line - 1] = replaceValue(first, toBytes(value));
  return file.without(there.continuations.map((it) => it.line));
}

/** Takes a key out with its indented lines, every time it stands there: an earlier one would come back to life. */
export function removeKey(text: AwsFileText, section: SectionName, key: string): AwsFileText {
  const file = open(text);
  return file.without(propertiesNamed(file.sectionsNamed(section), key).flatMap((it) => file.linesOf(it)));
}

/**
 * Takes a section out, every time it stands there: from its header to its last key, with the blank lines that follow.
 * Comments after its last key stay, as they may speak of what comes next.
 */
export function removeSection(text: AwsFileText, section: SectionName): AwsFileText {
  const file = open(text);
  const gone: number[] = [];
  for (const raw of file.allNamed(section)) {
    let line = raw.line;
    for (; line <= file.lastContentLine(raw); line++) gone.push(line);
    for (; line <= file.lines.length && trimBlanks(file.lines[line - 1] ?? '') === ''; line++)
      gone.push(line);
  }
  return file.without(gone);
}

/** UsageError, with file and line, where an edit has made a text malformed that was not. */
export function requireStillReadable(before: AwsFileText, after: AwsFileText): void {
  if (open(before).isStrict) parseLines(open(after).lines, after.path);
}

/** Odd lines stay as they are, and stop no edit of another section. */
const open = (text: AwsFileText): OpenFile => new OpenFile(text);

class OpenFile {
  /** Without their breaks, which `breaks` holds one by one. */
  readonly lines: string[] = [];
  readonly #breaks: string[] = [];
  readonly #mark: string;
  readonly #sections: readonly RawSection[];
  /** True for a file that every SDK reads. */
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
    this.#sections = parseLines(this.lines.map(fromBytes), text.path, odd);
    this.isStrict = odd.length === 0;
  }

  /**
   * The sections that count: a [profile default] makes [default] count for nothing in the config file. UsageError where
   * one of them was not understood.
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
    for (const raw of this.#sections) {
      const header = parseHeader(raw.header, this.text.kind, true);
      if (header === null) continue;
      const group = groups.get(nameOf(header));
      if (group === undefined) groups.set(nameOf(header), [raw]);
      else group.push(raw);
    }
    return groups;
  }

  /** As {@link lastLine}, with what was not understood: it would spoil the section above. */
  lastContentLine(raw: RawSection): number {
    let line = raw.end;
    while (line > lastLine(raw) && /^[ \t]*([#;].*)?$/.test(this.lines[line - 1] ?? '')) line--;
    return line;
  }

  /** The lines of a property: its own and the indented ones below, but for blank ones and comments in the first column. */
  linesOf(property: RawProperty): number[] {
    const lines = [property.line];
    for (let line = property.line + 1; line <= property.lastLine; line++) {
      const content = this.lines[line - 1] ?? '';
      if (/^[ \t]/.test(content) && trimBlanks(content) !== '') lines.push(line);
    }
    return lines;
  }

  /** With new lines after the given one, broken as it is, or as the file's first line. */
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

function propertiesNamed(sections: readonly RawSection[], key: string): RawProperty[] {
  const wanted = key.toLowerCase();
  return sections.flatMap((raw) => raw.properties.filter((it) => it.key.toLowerCase() === wanted));
}

function lastLine({ line, properties }: RawSection): number {
  return properties.at(-1)?.lastLine ?? line;
}

/** Keeps how the line is spaced, and its comment. */
function replaceValue(line: string, value: string): string {
  const comment = commentStart(line);
  const equals = splitLine(line, true)?.at ?? line.indexOf('=');
  const old = line.slice(equals + 1, comment);
  const trimmed = trimBlanks(old);
  if (trimmed === value) return line;
  const at = trimmed === '' ? 0 : old.indexOf(trimmed);
  const spaced = /[ \t]$/.test(line.slice(0, equals)) ? ' ' : '';
  const before = trimmed === '' ? spaced : old.slice(0, at);
  const after = trimmed === '' ? (comment < line.length ? ' ' : '') : old.slice(at + trimmed.length);
  return line.slice(0, equals + 1) + before + value + after + line.slice(comment);
}

function formatProperties(properties: KeysAndValues): string[] {
  const seen = new Set<string>();
  return [...properties].map(([key, value]) => {
    requireKey(key, seen);
    requireValue(key, value);
    return `${key} = ${value}`;
  });
}

function requireKey(key: string, seen: Set<string>): void {
  if (!/^[A-Za-z0-9_.-]+$/.test(key)) {
    throw new UsageError(
      'a key to be written to an AWS file has characters it may not have',
      'letters, digits and _ . - are allowed',
    );
  }
  if (seen.has(key.toLowerCase())) {
    throw new UsageError(
      `${key} was to be written twice into one section`,
      'the AWS CLI refuses such a file',
    );
  }
  seen.add(key.toLowerCase());
}

/** What is written must be read back as itself, and must not become a line of its own. The value may be a secret. */
function requireValue(key: string, value: string): void {
  const why = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(value)
    ? 'it has control characters'
    : trimBlanks(value) !== value
      ? 'it begins or ends with a space'
      : /(^|[ \t])[#;]/.test(value)
        ? 'a # or ; at its beginning, or after a space, would begin a comment'
        : null;
  if (why !== null) throw new UsageError(`this value for ${key} cannot be written to an AWS file`, why);
}

function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function fromBytes(line: string): string {
  return /^[\x00-\x7f]*$/.test(line) ? line : Buffer.from(line, 'latin1').toString('utf8');
}
