// Edits of one section of an AWS file. Each returns a new text.
import { formatProperties, replaceValue } from './format-properties.ts';
import {
  type AwsFileText,
  type KeysAndValues,
  lastLine,
  OpenFile,
  propertiesNamed,
  toBytes,
} from './open-text.ts';
import { parseLines } from './parse-lines.ts';
import { formatHeader, type SectionName } from './section-name.ts';
import { trimBlanks } from './split-line.ts';

export type { AwsFileText, KeysAndValues } from './open-text.ts';

const open = (text: AwsFileText): OpenFile => new OpenFile(text);

export function hasSection(text: AwsFileText, section: SectionName): boolean {
  return open(text).allNamed(section).length > 0;
}

/** The sections that the file does not have. */
export function missingSections(text: AwsFileText, sections: readonly SectionName[]): SectionName[] {
  const file = open(text);
  return sections.filter((section) => file.allNamed(section).length === 0);
}

/** Appends empty sections in order; skips those that the file has. */
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

/**
 * Appends a section after a blank line. Changes nothing if the file already has one of that name.
 */
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
 * Sets a property: in place if the section has it (its indented lines are removed, the comment on
 * its line stays), else at the section's end, else in a new section. If it occurs twice, the one
 * that counts is changed.
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

/**
 * Removes a property with its indented lines, each time it occurs; otherwise an earlier one would
 * take effect again.
 */
export function removeKey(text: AwsFileText, section: SectionName, key: string): AwsFileText {
  const file = open(text);
  return file.without(propertiesNamed(file.sectionsNamed(section), key).flatMap((it) => file.linesOf(it)));
}

/**
 * Removes a section, each time it occurs: from its header to its last property, with the blank
 * lines that follow. Comments after its last property stay, because they may describe what follows.
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

/** Throws UsageError, with file and line, if an edit has made a well-formed text malformed. */
export function requireStillReadable(before: AwsFileText, after: AwsFileText): void {
  if (open(before).isStrict) parseLines(open(after).lines, after.path);
}
