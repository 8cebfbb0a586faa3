/** Groups findings of the same kind at many lines of the user's files. */
import type { Finding } from '../diagnosis/index.ts';

/** One finding in full, and the other places with the same finding. */
export interface AlikeFindings {
  readonly first: Finding;
  /**
   * `3 [ops]`: the line, and the name found there if it differs; with the file if it differs from
   * the previous one.
   */
  readonly also: readonly string[];
}

/** Groups with this many findings or fewer are shown one by one, each with its own command. */
const fewest = 3;

/** In the order in which they were found; a group has the position of its first finding. */
export function alikeFindings(findings: readonly Finding[]): AlikeFindings[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const kind = kindOf(finding);
    const group = groups.get(kind);
    if (group === undefined) groups.set(kind, [finding]);
    else group.push(finding);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return group.length < fewest
      ? group.map((finding) => ({ first: finding, also: [] }))
      : [{ first, also: placesOf(group) }];
  });
}

/** A text that begins with a line of a file. */
const atLine = /^([^"[]*):([1-9]\d*): (.*)$/s;
/** The parts that differ from line to line: sections and quoted values. */
const named = /"(?:[^"\\]|\\.)*"|\[[^\]]*\]/g;

/**
 * The parts of a reason that differ: the profiles concerned, the length of a value, the line of
 * another key.
 */
const differing = /((?:^|; )it stops ).*$|(\bit has )\d+|(?<=\.aws\/\w+:)\d+/gs;

function kindOf({ level, what, why }: Finding): string {
  const [, , , text] = atLine.exec(what) ?? [];
  if (text === undefined) return JSON.stringify([level, what, why]);
  const names = namesIn(text).map((name) => name.slice(1, -1));
  const isName = (word: string) => names.some((name) => name === word || name === `profile ${word}`);
  const reason = why
    ?.replaceAll(named, '[]')
    .replaceAll(/[^\s,;:]+/g, (word) => (isName(word) ? '[]' : word))
    .replaceAll(differing, '$1$2');
  return JSON.stringify([level, text.replaceAll(named, '[]'), reason ?? null]);
}

function namesIn(text: string): string[] {
  return text.match(named) ?? [];
}

function placesOf([first, ...rest]: readonly Finding[]): string[] {
  let [, lastFile, , firstText = ''] = atLine.exec(first?.what ?? '') ?? [];
  return rest.flatMap(({ what }) => {
    const [, file = '', line = '', text = ''] = atLine.exec(what) ?? [];
    const place = file === lastFile ? line : `${file}:${line}`;
    lastFile = file;
    const differs = text === firstText ? [] : namesIn(text);
    return [[place, ...differs].join(' ')];
  });
}
