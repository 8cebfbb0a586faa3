// A block of an AWS config file that one program writes, between two comments.
import { printable, UsageError } from '../system/index.ts';
import { formatProperties, replaceValue } from './format-properties.ts';
import { LineChanges } from './line-changes.ts';
import {
  type AwsFileText,
  fromBytes,
  type KeysAndValues,
  lastLine,
  OpenFile,
  propertiesNamed,
  toBytes,
} from './open-text.ts';
import type { RawSection } from './raw-section.ts';
import { editCommand } from './resolve.ts';
import { formatHeader, parseHeader } from './section-name.ts';
import { trimBlanks } from './split-line.ts';

/** The comments, one line each, that enclose the block. */
export interface BlockMarks {
  readonly begin: string;
  readonly end: string;
  /** The beginning of a comment below the first, which records how the block is made. */
  readonly note: string;
}

/** The content of a config file, inside and outside of the block. */
export interface BlockContent {
  /** The properties of the block's profiles, in lower case, by profile. */
  readonly inside: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The lines of all other profiles of the file. */
  readonly outside: ReadonlyMap<string, number>;
  /** Empty if there is none. */
  readonly note: string;
}

export interface BlockChange {
  readonly add: ReadonlyMap<string, KeysAndValues>;
  readonly set: ReadonlyMap<string, KeysAndValues>;
  readonly remove: ReadonlySet<string>;
  readonly note: string;
}

/**
 * Throws UsageError (exit 2) if a comment is missing or occurs twice, or if lines below the block
 * belong to its last profile.
 */
export function readBlock(text: AwsFileText, marks: BlockMarks): BlockContent {
  const block = new Block(text, marks);
  const inside = new Map<string, Map<string, string>>();
  for (const [name, sections] of block.inside) {
    const keys = sections.flatMap(({ properties }) => properties);
    inside.set(name, new Map(keys.map(({ key, value }) => [key.toLowerCase(), value])));
  }
  return { inside, outside: block.outside, note: block.note?.value ?? '' };
}

/**
 * Changes the block's profiles; creates the block at the file's end if there is none. A new profile
 * is inserted before the first with a later name. All other lines, including comments and other
 * properties in the block, are unchanged. Throws as {@link readBlock}.
 */
export function changeBlock(text: AwsFileText, marks: BlockMarks, change: BlockChange): AwsFileText {
  const isNothing = change.add.size + change.set.size + change.remove.size === 0;
  const block = new Block(text, marks);
  if (isNothing && (change.note === (block.note?.value ?? '') || block.begin === null)) return text;
  if (block.begin === null) return newBlock(block.file, marks, change);
  const changes = new LineChanges();
  changeNote(block, marks, change.note, changes);
  for (const [name, keys] of change.set) setKeys(block, name, keys, changes);
  for (const name of change.remove)
    for (const raw of block.inside.get(name) ?? []) removeLines(block, raw, changes);
  insertProfiles(block, change, changes);
  return block.file.changed(changes);
}

function newBlock(file: OpenFile, { begin, end, note }: BlockMarks, change: BlockChange): AwsFileText {
  const profiles = sorted(change.add).flatMap(([name, keys], index) => [
    ...(index > 0 ? [''] : []),
    ...sectionLines(name, keys),
  ]);
  const last = file.lines.at(-1);
  const gap = last !== undefined && trimBlanks(last) !== '' ? [''] : [];
  const notes = change.note === '' ? [] : [note + change.note];
  return file.insert(file.lines.length, [...gap, begin, ...notes, ...profiles, end]);
}

function changeNote({ begin, note }: Block, marks: BlockMarks, wanted: string, changes: LineChanges): void {
  if ((note?.value ?? '') === wanted) return;
  if (note === null) changes.insertFirst(begin ?? 0, [marks.note + wanted]);
  else if (wanted === '') changes.drop(note.line);
  else changes.replace(note.line, toBytes(marks.note + wanted));
}

function setKeys(block: Block, name: string, keys: KeysAndValues, changes: LineChanges): void {
  const sections = block.inside.get(name) ?? [];
  const last = sections.at(-1);
  if (last === undefined) throw new RangeError('the block has no such profile');
  for (const [key, value] of keys) {
    const there = propertiesNamed(sections, key).at(-1);
    const [line = ''] = formatProperties([[key, value]]);
    if (there === undefined) changes.insertFirst(lastLine(last), [line]);
    else {
      changes.replace(there.line, replaceValue(block.file.lines[there.line - 1] ?? '', toBytes(value)));
      for (const more of there.continuations) changes.drop(more.line);
    }
  }
}

/**
 * Also removes the blank lines between it and the next, or the one before. Comments after its last
 * property stay.
 */
function removeLines(block: Block, raw: RawSection, changes: LineChanges): void {
  const { lines } = block.file;
  const isBlank = (line: number) => trimBlanks(lines[line - 1] ?? '') === '';
  const last = block.lastContentLine(raw);
  for (let line = raw.line; line <= last; line++) changes.drop(line);
  let next = last + 1;
  for (; next < block.endLine && isBlank(next); next++) changes.drop(next);
  if (next !== block.endLine) return;
  for (let line = raw.line - 1; line > (block.begin ?? 0) && isBlank(line); line--) changes.drop(line);
}

function insertProfiles(block: Block, { add, remove }: BlockChange, changes: LineChanges): void {
  const kept = block.order.filter(({ name }) => !remove.has(name));
  const end = block.endLine - 1;
  // A blank line between two profiles, and none before the comment at the end.
  let needsGap = kept.length > 0 && trimBlanks(block.file.lines[end - 1] ?? '') !== '';
  for (const [name, keys] of sorted(add)) {
    const section = sectionLines(name, keys);
    const next = kept.find((other) => other.name > name);
    if (next !== undefined) changes.insert(block.commentsAbove(next.raw) - 1, [...section, '']);
    else {
      changes.insert(end, [...(needsGap ? [''] : []), ...section]);
      needsGap = true;
    }
  }
}

function sectionLines(name: string, keys: KeysAndValues): string[] {
  return [formatHeader({ kind: 'profile', name }, 'config'), ...formatProperties(keys)];
}

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

class Block {
  readonly file: OpenFile;
  /** The lines of its comments, counted from 1; null and 0 if there is no block. */
  readonly begin: number | null;
  readonly endLine: number;
  readonly note: { readonly line: number; readonly value: string } | null;
  /** By profile, in the order of the file. */
  readonly inside = new Map<string, RawSection[]>();
  readonly outside = new Map<string, number>();
  readonly order: { readonly name: string; readonly raw: RawSection }[] = [];

  constructor(
    text: AwsFileText,
    private readonly marks: BlockMarks,
  ) {
    this.file = new OpenFile(text);
    const [begin, end] = [this.#linesOf(marks.begin), this.#linesOf(marks.end)];
    this.begin = begin[0] ?? null;
    this.endLine = end[0] ?? 0;
    this.#requireWhole(begin, end);
    this.note = this.#readNote();
    for (const raw of this.file.sections) this.#sort(raw);
  }

  /** The first of the comment lines directly above a section. */
  commentsAbove(raw: RawSection): number {
    let { line } = raw;
    while (line - 1 > Math.max(this.begin ?? 0, this.note?.line ?? 0) && this.#isComment(line - 1)) line--;
    return line;
  }

  lastContentLine(raw: RawSection): number {
    return Math.min(this.file.lastContentLine(raw), this.endLine - 1);
  }

  #isComment(line: number): boolean {
    return /^[ \t]*[#;]/.test(this.file.lines[line - 1] ?? '');
  }

  #linesOf(mark: string): number[] {
    const wanted = toBytes(mark);
    return this.file.lines.flatMap((line, index) => (trimBlanks(line) === wanted ? [index + 1] : []));
  }

  #requireWhole(begin: readonly number[], end: readonly number[]): void {
    const isWhole = begin.length === end.length && begin.length < 2 && (begin[0] ?? 0) <= (end[0] ?? 0);
    if (isWhole) return;
    const line = end.length > begin.length ? end.at(-1) : begin.at(-1);
    throw this.#fault(line ?? 1, `the block from "${this.marks.begin}" to "${this.marks.end}" is not whole`);
  }

  #fault(line: number, why: string): UsageError {
    const { path } = this.file.text;
    return new UsageError(
      `${printable(path)}:${line}: the block cannot be changed`,
      printable(why),
      editCommand({ file: path, line }),
    );
  }

  #readNote(): { line: number; value: string } | null {
    if (this.begin === null) return null;
    const line = this.begin + 1;
    const text = trimBlanks(fromBytes(this.file.lines[line - 1] ?? ''));
    return text.startsWith(this.marks.note) ? { line, value: text.slice(this.marks.note.length) } : null;
  }

  #sort(raw: RawSection): void {
    const header = parseHeader(raw.header, 'config', true);
    if (header?.kind !== 'profile') return;
    if (this.begin === null || raw.line < this.begin || raw.line > this.endLine) {
      this.outside.set(header.name, raw.line);
      return;
    }
    if (raw.fault !== null) throw this.#fault(raw.fault.line, raw.fault.what);
    const last = this.file.lastContentLine(raw);
    if (last > this.endLine)
      throw this.#fault(last, `this line is below the block, but belongs to [${raw.header}] in it`);
    this.inside.set(header.name, [...(this.inside.get(header.name) ?? []), raw]);
    this.order.push({ name: header.name, raw });
  }
}
