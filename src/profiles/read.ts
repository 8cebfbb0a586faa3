import {
  type AppPaths,
  AwshError,
  hasCode,
  printable,
  readChecked,
  requireUtf8Like,
  shellCommand,
  UsageError,
} from '../system/index.ts';
import { ignoredText, invisible, plainHeader } from './ignored-section.ts';
import { parseLines } from './parse-lines.ts';
import type { OddLine, RawProperty, RawSection } from './raw-section.ts';
import { foreignSigns, repeatedKeys, repeatedSection } from './repeated-lines.ts';
import type { AwsFiles, IgnoredSection, Place, Property, Section, SectionFault } from './section.ts';
import type { AwsFileKind, SectionKind } from './section-name.ts';
import { parseHeader, wordPattern } from './section-name.ts';
import { splitProperty } from './split-line.ts';

type Sections = Record<SectionKind, Map<string, MergedSection>>;

/**
 * `strict`: exactly the SDKs' common grammar. `lenient`: what the SDKs and aws-vault accept in
 * practice.
 */
export type Reading = 'strict' | 'lenient';

/**
 *
 * Reads the AWS config and credentials files. A missing file counts as empty.
 *
 * Duplicate sections and properties are merged, and the last one counts; a property in the
 * credentials file overrides the same one in the config file. Names and properties outside the
 * SDKs' alphabet are left out with a warning. Throws UsageError (exit 2) if a file cannot be read.
 * In the strict reading, a malformed line is a UsageError with its line. In the lenient reading, it
 * spoils only its own section, whose `fault` describes it.
 */
export function readAwsFiles(
  paths: Pick<AppPaths, 'awsConfig' | 'awsCredentials'>,
  reading: Reading = 'lenient',
): AwsFiles {
  return parseAwsFiles(
    { path: paths.awsConfig, text: readText(paths.awsConfig) },
    { path: paths.awsCredentials, text: readText(paths.awsCredentials) },
    reading,
  );
}

function readText(path: string): string {
  try {
    const bytes = readIfThere(path);
    requireUtf8Like(path, bytes);
    return bytes.toString('utf8');
  } catch (error) {
    if (error instanceof AwshError) throw error;
    const why = hasCode(error, 'EACCES', 'EPERM')
      ? 'you may not read it'
      : hasCode(error, 'EISDIR')
        ? 'it is a folder'
        : hasCode(error, 'ELOOP')
          ? 'its symbolic links form a loop'
          : 'reading it failed';
    throw new UsageError(`${printable(path)} cannot be read`, why, shellCommand`ls -ld ${path}`);
  }
}

function readIfThere(path: string): Buffer {
  try {
    return readChecked(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return Buffer.alloc(0);
    throw error;
  }
}

/** Like {@link readAwsFiles}, from text. */
export function parseAwsFiles(
  config: { path: string; text: string },
  credentials: { path: string; text: string },
  reading: Reading = 'lenient',
): AwsFiles {
  const collected: Collected = {
    sections: { profile: new Map(), 'sso-session': new Map(), services: new Map() },
    ignored: [],
    oddLines: [],
    repeatedLines: [],
    reading,
  };
  addSections(collected, config, 'config');
  addSections(collected, credentials, 'credentials');
  const { sections, ignored, oddLines, repeatedLines } = collected;
  return {
    configPath: config.path,
    credentialsPath: credentials.path,
    profiles: sections.profile,
    ssoSessions: sections['sso-session'],
    services: sections.services,
    get warnings() {
      const lines = [...ignored.map(ignoredText), ...ignoredKeys(sections), ...oddLines, ...repeatedLines];
      return [...new Set(lines)];
    },
    oddLines,
    repeatedLines,
    ignored,
  };
}

interface Collected {
  readonly sections: Sections;
  readonly ignored: IgnoredSection[];
  readonly oddLines: string[];
  readonly repeatedLines: string[];
  readonly reading: Reading;
}

function addSections(
  { sections, ignored, oddLines, repeatedLines, reading }: Collected,
  { path, text }: { path: string; text: string },
  kind: AwsFileKind,
): void {
  const odd: OddLine[] | null = reading === 'lenient' ? [] : null;
  const raws = parseLines(splitLines(text), path, odd);
  repeatedLines.push(...foreignSigns(path, text));
  const hasPrefixedDefault = kind === 'config' && raws.some(({ header }) => isPrefixedDefault(header));
  for (const raw of raws) {
    const header = parseHeader(raw.header, kind, reading === 'lenient');
    if (header === null || (header.bare && hasPrefixedDefault)) {
      const section = ignoredSection(raw, kind, header !== null);
      if (odd === null || header === null) ignored.push(section);
      const isTold = header !== null || raw.header === 'DEFAULT' || invisible.test(raw.header);
      if (odd !== null && isTold) oddLines.push(ignoredText(section));
      continue;
    }
    if (kind === 'credentials' && header.name === 'DEFAULT')
      odd?.push({ line: raw.line, what: upperDefault, header: raw.header, spoilsSection: false });
    if (header.odd)
      odd?.push({ line: raw.line, what: oddName(header.name), header: raw.header, spoilsSection: false });
    if (raw.repeats.size > 0) repeatedLines.push(...repeatedKeys(raw));
    const there = sections[header.kind].get(header.name);
    const first = there?.parts.find(({ file }) => file === path);
    if (first !== undefined) repeatedLines.push(repeatedSection(raw, first.line));
    if (there) there.parts.push(raw);
    else sections[header.kind].set(header.name, new MergedSection(header.name, [raw]));
  }
  odd?.sort((a, b) => a.line - b.line);
  for (const it of odd ?? []) oddLines.push(oddText(it, path));
}

function oddText({ line, what, header, spoilsSection }: OddLine, path: string): string {
  const text = `${printable(path)}:${line}: ${what}`;
  if (header === null) return spoilsSection ? `${text}; this section cannot be used` : text;
  const section = `[${printable(header.slice(0, 80))}]`;
  return spoilsSection ? `${text}; ${section} cannot be used` : `${text} (in ${section})`;
}

const upperDefault = 'the AWS CLI gives its keys to every profile, other SDKs to none';

/** Which of the two is odd, or both. */
function oddName(name: string): string {
  const parts = [
    /\s/.test(name) ? 'spaces and no quotes' : null,
    invisible.test(name) ? 'a no-break space (or its like), which looks like a space,' : null,
    wordPattern.test(name.replaceAll(/\s/g, '')) ? null : 'characters that not every SDK reads',
  ];
  return `a name with ${parts.filter((part) => part !== null).join(' and with ')} is read as it is`;
}

function isPrefixedDefault(header: string): boolean {
  if (header === 'default' || !header.includes('default')) return false;
  const parsed = parseHeader(header, 'config');
  return parsed?.kind === 'profile' && parsed.name === 'default';
}

/** Splits at LF, CRLF and a lone CR, as the AWS CLI does; skips a byte order mark. */
export function splitLines(text: string): string[] {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return body.includes('\r') ? body.split(/\r\n|\n|\r/) : body.split('\n');
}

/** All sections of one name, merged when needed; a later one's properties count. */
class MergedSection implements Section {
  #properties: ReadonlyMap<string, Property> | null = null;

  constructor(
    readonly name: string,
    readonly parts: [RawSection, ...RawSection[]],
  ) {}

  get place(): Place {
    const [{ file, line }] = this.parts;
    return { file, line };
  }

  get fault(): SectionFault | null {
    for (const { file, fault } of this.parts) {
      if (fault !== null) return { place: { file, line: fault.line }, why: fault.what };
    }
    return null;
  }

  get properties(): ReadonlyMap<string, Property> {
    this.#properties ??= merge(this.parts);
    return this.#properties;
  }
}

function merge(parts: readonly RawSection[]): Map<string, Property> {
  const properties = new Map<string, Property>();
  for (const { file, properties: raws } of parts) {
    for (const raw of raws) {
      if (wordPattern.test(raw.key)) properties.set(raw.key.toLowerCase(), propertyOf(raw, file));
    }
  }
  return properties;
}

function propertyOf({ value, line, continuations }: RawProperty, file: string): Property {
  const place = { file, line };
  if (continuations.length === 0) return { value, place, nested: null };
  const whole = [value, ...continuations.map((it) => it.text)].join('\n');
  return { value: whole, place, nested: value === '' ? nestedOf(continuations) : null };
}

function nestedOf(continuations: RawProperty['continuations']): Map<string, string> {
  const nested = new Map<string, string>();
  for (const { text } of continuations) {
    const property = splitProperty(text);
    if (property !== null) nested.set(property.key.toLowerCase(), property.value);
  }
  return nested;
}

const invalidName = 'its name has bytes that are not valid UTF-8';
const invisibleName = 'the ? is an invisible character, such as a no-break space';

function ignoredSection(
  { file, header, line }: RawSection,
  kind: AwsFileKind,
  isDefault: boolean,
): IgnoredSection {
  const why = isDefault
    ? '[profile default] in the same file is used instead'
    : header === 'DEFAULT'
      ? `${upperDefault}; the section is written [default]`
      : header.includes('\ufffd')
        ? invalidName
        : invisible.test(header)
          ? invisibleName
          : kind === 'config'
            ? 'a section here is [default], [profile NAME], [sso-session NAME] or [services NAME]'
            : 'a section here is [NAME]';
  const meant = plainHeader(header)
    .replace(/^profile +/i, '')
    .replace(/^default$/i, 'default');
  const isName = !isDefault && wordPattern.test(meant);
  return { header, place: { file, line }, why, meant: isName ? meant : null };
}

/** The properties' names are not shown, because a broken line may begin with a secret. */
function* ignoredKeys(sections: Sections): Generator<string> {
  for (const { parts } of Object.values(sections).flatMap((named) => [...named.values()])) {
    for (const { file, properties } of parts) {
      for (const { key, line } of properties) {
        if (!wordPattern.test(key))
          yield `${printable(file)}:${line}: a key with characters no AWS SDK knows is ignored`;
      }
    }
  }
}
