import {
  type AppPaths,
  AwshError,
  hasCode,
  printable,
  readFileIfThere,
  UsageError,
} from '../system/index.ts';
import { parseLines, type RawProperty, type RawSection, splitProperty } from './parse-lines.ts';
import type { AwsFiles, Place, Property, Section } from './section.ts';
import type { AwsFileKind, SectionKind } from './section-name.ts';
import { parseHeader, wordPattern } from './section-name.ts';

type Sections = Record<SectionKind, Map<string, MergedSection>>;

/**
 * Reads the AWS config and credentials files. A file that is not there counts as empty.
 *
 * Duplicate sections and keys are merged, the last one winning, and the credentials file wins key by key; names and
 * keys outside the SDKs' alphabet are left out with a warning. UsageError (exit 2) where a file cannot be read, or is
 * malformed: then with its line.
 */
export function readAwsFiles(paths: Pick<AppPaths, 'awsConfig' | 'awsCredentials'>): AwsFiles {
  return parseAwsFiles(
    { path: paths.awsConfig, text: readText(paths.awsConfig) },
    { path: paths.awsCredentials, text: readText(paths.awsCredentials) },
  );
}

function readText(path: string): string {
  try {
    return readFileIfThere(path) ?? '';
  } catch (error) {
    if (error instanceof AwshError) throw error;
    const why = hasCode(error, 'EACCES', 'EPERM')
      ? 'you may not read it'
      : hasCode(error, 'EISDIR')
        ? 'it is a folder'
        : hasCode(error, 'ELOOP')
          ? 'its symbolic links lead in a circle'
          : 'reading it failed';
    throw new UsageError(`${printable(path)} cannot be read`, why, `ls -ld ${printable(path)}`);
  }
}

/** As {@link readAwsFiles}, from text. */
export function parseAwsFiles(
  config: { path: string; text: string },
  credentials: { path: string; text: string },
): AwsFiles {
  const ignored: string[] = [];
  const sections: Sections = { profile: new Map(), 'sso-session': new Map(), services: new Map() };
  addSections(sections, config, 'config', ignored);
  addSections(sections, credentials, 'credentials', ignored);
  return {
    configPath: config.path,
    credentialsPath: credentials.path,
    profiles: sections.profile,
    ssoSessions: sections['sso-session'],
    services: sections.services,
    get warnings() {
      return [...ignored, ...ignoredKeys(sections)];
    },
  };
}

function addSections(
  sections: Sections,
  { path, text }: { path: string; text: string },
  kind: AwsFileKind,
  ignored: string[],
): void {
  const raws = parseLines(splitLines(text), path);
  const hasPrefixedDefault = kind === 'config' && raws.some(({ header }) => isPrefixedDefault(header));
  for (const raw of raws) {
    const header = parseHeader(raw.header, kind);
    if (header === null || (header.bare && hasPrefixedDefault)) {
      ignored.push(ignoredSection(raw, kind, header !== null));
      continue;
    }
    const there = sections[header.kind].get(header.name);
    if (there) there.parts.push(raw);
    else sections[header.kind].set(header.name, new MergedSection(header.name, [raw]));
  }
}

function isPrefixedDefault(header: string): boolean {
  if (header === 'default' || !header.includes('default')) return false;
  const parsed = parseHeader(header, 'config');
  return parsed?.kind === 'profile' && parsed.name === 'default';
}

/** Breaks at LF, CRLF and a lone CR, as the AWS CLI does; a byte order mark is skipped. */
export function splitLines(text: string): string[] {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return body.includes('\r') ? body.split(/\r\n|\n|\r/) : body.split('\n');
}

/** All the sections of one name, a later one's keys winning; put together when asked for. */
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

function ignoredSection({ file, header, line }: RawSection, kind: AwsFileKind, isDefault: boolean): string {
  const why = isDefault
    ? 'a [profile default] stands in the same file'
    : kind === 'config'
      ? 'a section here is [default], [profile NAME], [sso-session NAME] or [services NAME]'
      : 'a section here is [NAME]';
  return `${printable(file)}:${line}: [${printable(header.slice(0, 80))}] is ignored: ${why}`;
}

/** The keys themselves are not shown: a line gone wrong may begin with a secret. */
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
