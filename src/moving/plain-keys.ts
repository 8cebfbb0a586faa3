import type { AwsFileKind, AwsFiles } from '../profiles/index.ts';
import { readChecked, statIfThere } from '../system/index.ts';
import { type KeyLine, type KeySection, keySections, splitFile } from './key-lines.ts';

/** An AWS file's present bytes, one character for each byte (latin1). */
export interface FileBytes {
  readonly path: string;
  readonly kind: AwsFileKind;
  readonly bytes: string;
}

/** A section with a part of a key, and its file. */
export interface PlacedSection extends KeySection {
  readonly file: string;
  /**
   * True for the section after the profile's whose header some programs ignore: they read its keys
   * as the profile's.
   */
  readonly isBelow: boolean;
}

/** A key that is in plain text exactly once, in two lines that every program reads alike. */
export interface PlainPair {
  readonly profile: string;
  readonly file: string;
  readonly id: KeyLine;
  readonly secret: KeyLine;
  readonly hasToken: boolean;
}

/** Parts of a key whose meaning is uncertain: they are not changed. */
export interface Ambiguity {
  /** The profile's name, or the text between the brackets. */
  readonly name: string;
  readonly why: string;
  /** What to do before the key can be imported. */
  readonly cure: string;
  readonly sections: readonly PlacedSection[];
  /** The section with the malformed header; null if the key lines are malformed. */
  readonly header: PlacedSection | null;
}

/**
 * The present content of both files. A missing file is left out, and a file that both paths lead to
 * is returned once.
 */
export function readFileBytes({ configPath, credentialsPath }: AwsFiles): FileBytes[] {
  const files = [
    { path: credentialsPath, kind: 'credentials' as const },
    { path: configPath, kind: 'config' as const },
  ];
  const seen = new Set<string>();
  return files.flatMap(({ path, kind }) => {
    const stat = statIfThere(path);
    if (stat === undefined || seen.has(`${stat.dev}:${stat.ino}`)) return [];
    seen.add(`${stat.dev}:${stat.ino}`);
    return [{ path, kind, bytes: readChecked(path).toString('latin1') }];
  });
}

/**
 * The keys in the files, and the uncertain cases: two sections of one name, a name in two
 * spellings, a key that occurs twice, half a key, a line that programs read differently (security
 * rule 30).
 */
export function findPlainPairs(files: readonly FileBytes[]): (PlainPair | Ambiguity)[] {
  const groups = new Map<string, PlacedSection[]>();
  const add = (name: string, section: PlacedSection) => {
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [section]);
    else group.push(section);
  };
  for (const { path, bytes } of files) {
    let before: string | null = null;
    for (const section of keySections(splitFile(bytes).lines)) {
      const name: string = section.profile ?? `\0${path}:${section.line}`;
      add(name, { ...section, file: path, isBelow: false });
      // Some programs ignore such a header, and read its keys as the previous section's.
      if (section.fault !== null && before !== null && before !== name && section.keyLines.length > 0)
        add(before, { ...section, file: path, isBelow: true });
      if (section.fault === null) before = name;
    }
  }
  return [...groups.values()].flatMap((sections) => {
    const own = sections.filter(holdsKey);
    return own.every(({ isBelow }) => isBelow) ? [] : [pairOrAmbiguity(own, sections)];
  });
}

/** A token alone does not count: it expires by itself. */
function holdsKey({ keyLines }: KeySection): boolean {
  return keyLines.some(({ field, value }) => field !== 'token' && value !== '');
}

function pairOrAmbiguity(
  own: readonly PlacedSection[],
  all: readonly PlacedSection[],
): PlainPair | Ambiguity {
  const [section] = own;
  const keyLines = own.flatMap((it) => it.keyLines);
  const fault = ambiguityOf(own, all);
  const [id, secret] = [keyLines.find(isField('id')), keyLines.find(isField('secret'))];
  const name = all[0]?.profile ?? section?.header ?? '';
  if (fault !== null || section === undefined || id === undefined || secret === undefined) {
    const shown = all.filter((it) => holdsKey(it) || own.some(({ file }) => file === it.file));
    return { name, ...(fault ?? halfPair('id')), sections: shown, header: fault?.header ?? null };
  }
  const hasToken = all.some((it) =>
    it.keyLines.some(({ field, value }) => field === 'token' && value !== ''),
  );
  return { profile: name, file: section.file, id, secret, hasToken };
}

type Fault = Pick<Ambiguity, 'why' | 'cure'> & Partial<Pick<Ambiguity, 'header'>>;

function ambiguityOf(own: readonly PlacedSection[], all: readonly PlacedSection[]): Fault | null {
  const [section, another] = own;
  if (section === undefined) return null;
  const odd = own.find(({ fault, isBelow }) => fault !== null && !isBelow);
  if (odd !== undefined) {
    return {
      why: odd.fault ?? '',
      cure: 'put it below its own line [NAME], which must begin in the first column',
      header: odd,
    };
  }
  const below = own.find(({ isBelow }) => isBelow);
  if (below !== undefined) {
    return {
      why: `some programs also use the key of the next section for this profile, because they do not read line ${below.line} as a [section] line`,
      cure: `correct line ${below.line}: nothing but [NAME], beginning in the first column`,
      header: below,
    };
  }
  if (section.profile === null) {
    return {
      why: 'no program looks for a key in this section',
      cure: 'move it to the section of its profile',
    };
  }
  const inFile = all.filter(({ file, isBelow }) => !isBelow && own.some((it) => it.file === file));
  const twice = inFile.filter(({ file }, index) => inFile.some((it, at) => at !== index && it.file === file));
  if (twice.length > 0) return twoSections(twice);
  if (another !== undefined) {
    return {
      why: 'two files have a key for this profile',
      cure: 'keep one of them, and remove or rename the other',
    };
  }
  return lineFault(section.keyLines);
}

function twoSections(sections: readonly KeySection[]): Fault {
  const spellings = new Set(sections.map(({ header }) => header));
  return {
    why:
      spellings.size === 1
        ? `${sections.length} sections have this name`
        : `${sections.length} sections are this profile, spelled ${spellings.size === 2 ? 'two' : 'several'} ways`,
    cure: 'keep one of them, and remove or rename the other',
  };
}

function lineFault(keyLines: readonly KeyLine[]): Fault | null {
  const odd = keyLines.find(({ fault }) => fault !== null);
  if (odd !== undefined) {
    return { why: odd.fault ?? '', cure: 'write each as NAME = VALUE, beginning in the first column' };
  }
  const [ids, secrets] = [keyLines.filter(isField('id')), keyLines.filter(isField('secret'))];
  if (ids.length > 1 || secrets.length > 1) {
    const what = ids.length > 1 ? 'the access key id' : 'the secret access key';
    return {
      why: `${what} is in the section ${Math.max(ids.length, secrets.length)} times`,
      cure: 'keep one',
    };
  }
  if (ids.length === 0 || !ids[0]?.value) return halfPair('id');
  return secrets.length === 0 || !secrets[0]?.value ? halfPair('secret') : null;
}

function halfPair(missing: 'id' | 'secret'): Fault {
  const [what, other] =
    missing === 'id' ? ['access key id', 'the secret'] : ['secret access key', 'the access key id'];
  return { why: `half a key: the ${what} is missing`, cure: `add it beside ${other}, or remove that line` };
}

const isField =
  (field: KeyLine['field']) =>
  (line: KeyLine): boolean =>
    line.field === field;
