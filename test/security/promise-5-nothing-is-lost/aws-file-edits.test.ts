import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AwsFileKind,
  type AwsFiles,
  type AwsFileText,
  addSection,
  addSections,
  awsConfigJson,
  hasSection,
  parseAwsFiles,
  removeKey,
  removeSection,
  type SectionName,
  setKey,
} from '../../../src/profiles/index.ts';

/**
 * Any valid AWS file, preferably an odd one: every spacing, comment, line break and repetition that
 * the grammar allows.
 */
const pick = (...texts: string[]) => fc.constantFrom(...texts);
const mark = '\xef\xbb\xbf';
const name = pick('a', 'b', 'default', 'my profile', '__proto__', 'a.b');
const key = pick('region', 'Region', 's3', '__proto__', 'x', 'in valid');
const tail = pick('', '', ' ', ' # region = no', '\t; [profile a]');
const value = pick('1', 'a b', 'https://x/#/start', 'caf\xc3\xa9', '\xff\xfe', 'x]', '"q"', 'k=v');
const filler = pick('', ' \t', '# comment', ';[profile a]', '# \xff region = x', '#');

const plain = fc.tuple(key, pick('=', ' = ', '\t=', '= '), value, tail).map((parts) => [parts.join('')]);
const continued = fc
  .tuple(plain, fc.array(pick(' more', '\t[more', '  # indented', ' \t', ' x # y'), { maxLength: 3 }))
  .map(([[first = ''], more]) => [first, ...more]);
const nested = fc
  .tuple(
    key,
    tail,
    fc.array(pick(' region = deep', '\tin valid=', ' # indented', '', '# between'), { maxLength: 4 }),
  )
  .map(([property, comment, more]) => [`${property} =${comment}`, ...more]);
const header = fc
  .tuple(
    pick('profile ', 'profile\t', 'sso-session ', ' profile  ', ''),
    name,
    pick('', '"', "'"),
    pick('', ' # c', ';c'),
  )
  .map(([prefix, word, quote, comment]) => `[${prefix}${quote}${word}${quote}]${comment}`);
const section = fc
  .tuple(
    header,
    fc.array(
      fc.oneof(
        plain,
        continued,
        nested,
        filler.map((it) => [it]),
      ),
      { maxLength: 6 },
    ),
  )
  .map(([first, rest]) => [first, ...rest.flat()]);

const fileText = fc
  .record({
    mark: pick('', mark),
    kind: fc.constantFrom<AwsFileKind>('config', 'credentials'),
    lineBreak: pick('\n', '\r\n', '\r'),
    top: fc.array(filler, { maxLength: 2 }),
    sections: fc.array(section, { maxLength: 5 }),
    ends: fc.boolean(),
  })
  .map(({ mark, kind, lineBreak, top, sections, ends }): AwsFileText => {
    const lines = [...top, ...sections.flat()];
    return { path: 'file', kind, bytes: mark + lines.join(lineBreak) + (ends ? lineBreak : '') };
  });

const target = fc.record({
  section: fc.record({
    kind: fc.constant('profile' as const),
    name: pick('a', 'b', 'default', '__proto__', 'new'),
  }),
  key: pick('region', 's3', 'x', 'fresh', '__proto__'),
  value: pick('new', 'eu-west-1', '', 'é', 'a#b;c'),
});

const runs = { numRuns: 1500 };

function read({ kind, bytes }: AwsFileText): AwsFiles {
  const file = { path: 'file', text: Buffer.from(bytes, 'latin1').toString() };
  const none = { path: 'none', text: '' };
  return kind === 'config' ? parseAwsFiles(file, none) : parseAwsFiles(none, file);
}

/** The file's content without one key of one section, or without the whole section. */
function everythingBut(text: AwsFileText, { name }: SectionName, key?: string): unknown {
  // Warnings contain line numbers, and these change.
  const { warnings: _, ...json } = awsConfigJson(read(text));
  if (key === undefined) delete json.profiles[name];
  else delete json.profiles[name]?.[key];
  return JSON.parse(JSON.stringify(json));
}

function linesOf({ bytes }: AwsFileText): string[] {
  return bytes.replace(/^\xef\xbb\xbf/, '').match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [];
}

/** True if `part` is `whole` with some lines left out. */
function isWithin(part: string[], whole: string[]): boolean {
  let at = 0;
  for (const line of whole) if (at < part.length && part[at] === line) at++;
  return at === part.length;
}

/** True if `after` is `before` with text inserted in one place. */
function isOneGapFilled(before: string, after: string): boolean {
  const added = after.length - before.length;
  return [...before, ''].some((_, at) => after.slice(0, at) + after.slice(at + added) === before);
}

describe('any edit of any file leaves everything else unchanged', () => {
  it('a property that is set has its value, and no other changes', () => {
    fc.assert(
      fc.property(fileText, target, (text, { section, key, value }) => {
        const edited = setKey(text, section, key, value);
        const property = read(edited).profiles.get(section.name)?.properties.get(key);
        expect(property).toMatchObject({ value, nested: null });
        const before = read(text).profiles.has(section.name) ? text : addSection(text, section, []);
        expect(everythingBut(edited, section, key)).toEqual(everythingBut(before, section, key));
        expect(setKey(edited, section, key, value)).toEqual(edited);
      }),
      runs,
    );
  });

  it('setting a property changes one line, or adds some, and drops only lines indented below it', () => {
    fc.assert(
      fc.property(fileText, target, (text, { section, key, value }) => {
        const was = read(text).profiles.get(section.name)?.properties.get(key);
        const edited = setKey(text, section, key, value);
        const before = linesOf(text);
        const after = linesOf(edited);
        if (was === undefined) {
          expect(isOneGapFilled(text.bytes, edited.bytes)).toBe(true);
          return;
        }
        const line = was.place.line - 1;
        expect(after.slice(0, line)).toEqual(before.slice(0, line));
        expect(isWithin(after.slice(line + 1), before.slice(line + 1))).toBe(true);
        const dropped = before.length - after.length;
        expect(dropped).toBe(was.value.split('\n').length - 1);
      }),
      runs,
    );
  });

  it('removing a property removes nothing else', () => {
    fc.assert(
      fc.property(fileText, target, (text, { section, key }) => {
        const edited = removeKey(text, section, key);
        expect(read(edited).profiles.get(section.name)?.properties.has(key)).not.toBe(true);
        expect(everythingBut(edited, section, key)).toEqual(everythingBut(text, section, key));
        expect(isWithin(linesOf(edited), linesOf(text))).toBe(true);
        expect(edited.bytes.slice(0, 3) === mark).toBe(text.bytes.slice(0, 3) === mark);
        expect(edited.bytes.match(/^[#;].*/gm)).toEqual(text.bytes.match(/^[#;].*/gm));
      }),
      runs,
    );
  });

  it('sections that are added together come last, each once', () => {
    const sections = ['a', 'new', 'b', 'newer'].map((name) => ({ kind: 'profile' as const, name }));
    fc.assert(
      fc.property(fileText, (text) => {
        const edited = addSections(text, sections);
        expect(edited.bytes.startsWith(text.bytes)).toBe(true);
        for (const section of sections) expect(hasSection(edited, section)).toBe(true);
        const last = sections.filter((section) => !hasSection(text, section)).map(({ name }) => name);
        expect([...read(edited).profiles.keys()].slice(-last.length)).toEqual(last);
        expect(addSections(edited, sections)).toEqual(edited);
      }),
      runs,
    );
  });

  it('removing a section removes nothing else', () => {
    fc.assert(
      fc.property(fileText, target, (text, { section }) => {
        const edited = removeSection(text, section);
        expect(hasSection(edited, section)).toBe(false);
        expect(read(edited).profiles.has(section.name)).toBe(false);
        expect(everythingBut(edited, section)).toEqual(everythingBut(text, section));
        expect(isWithin(linesOf(edited), linesOf(text))).toBe(true);
      }),
      runs,
    );
  });

  it('a section that is added comes last, once, with its properties', () => {
    fc.assert(
      fc.property(fileText, target, (text, { section, key, value }) => {
        const edited = addSection(text, section, [[key, value]]);
        if (hasSection(text, section)) {
          expect(edited).toEqual(text);
          return;
        }
        expect(edited.bytes.startsWith(text.bytes)).toBe(true);
        expect(read(edited).profiles.get(section.name)?.properties.get(key)?.value).toBe(value);
        expect(everythingBut(edited, section)).toEqual(everythingBut(text, section));
        expect(addSection(edited, section, [[key, value]])).toEqual(edited);
      }),
      runs,
    );
  });
});
