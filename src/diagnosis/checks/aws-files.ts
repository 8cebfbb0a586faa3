import { existsSync } from 'node:fs';
import {
  type AwsFileKind,
  type IgnoredSection,
  readAwsFiles,
  reservedName,
  reservedProfile,
  type WrittenSection,
} from '../../profiles/index.ts';
import { printable, printablePath, UsageError } from '../../system/index.ts';
import { awsFilesAsWritten } from '../aws-file-texts.ts';
import { type Finding, note, ok, problem } from '../finding.ts';
import type { Check, Scene } from '../scene.ts';
import { editAt, numberOf, placeIn, shownPlace } from '../shown.ts';

/** Sections that only the AWS CLI reads. */
const known = new Set(['plugins', 'preview']);

/** Whether the AWS files can be read, and whether each section in them is valid. */
export const awsFiles: Check = {
  name: 'aws-files',
  run(scene): Finding[] {
    const { paths, files } = scene;
    if (files === null) return [unreadable(scene)];
    if (![paths.awsConfig, paths.awsCredentials].some((path) => existsSync(path))) {
      return [note(`there is no ${printablePath(paths.awsConfig, paths.home)} yet`, null, 'awsh add work')];
    }
    const ignored = awsFilesAsWritten(scene).flatMap(({ kind, sections }) =>
      sections
        .filter(({ name, header }) => name === null && !known.has(header))
        .map((section) => ignoredSection(section, kind, scene)),
    );
    const findings = [...reserved(scene), ...ignored, ...oddLines(scene, files.ignored)];
    return findings.length > 0
      ? findings
      : [ok(`${numberOf(files.profiles.size, 'profile')} in the AWS files`)];
  },
};

/** A profile of the name that a blocked shell has in AWS_PROFILE. */
function reserved({ files, paths }: Scene): Finding[] {
  const error = files && reservedProfile(files);
  const place = files?.profiles.get(reservedName)?.place;
  if (!error || place === undefined) return [];
  const what = `${shownPlace(place, paths)}: no profile may be called ${reservedName}`;
  return [problem(what, error.why ?? null, editAt(place))];
}

/**
 * Lines that were read leniently: the AWS CLI, or another SDK, stops there or reads something else.
 * Ignored sections are reported separately.
 */
function oddLines({ files, paths }: Scene, ignored: readonly IgnoredSection[]): Finding[] {
  const told = ignored.map(({ place }) => `${printable(place.file)}:${place.line}: `);
  const lines = files?.oddLines.filter((line) => !told.some((place) => line.startsWith(place))) ?? [];
  const [first] = lines;
  if (first === undefined) return [];
  const more = lines.length - 1;
  const place = placeIn(first, paths);
  return [
    note(
      `${first}${more > 0 ? `; ${more} more odd ${more === 1 ? 'line' : 'lines'}` : ''}`,
      'other programs may read this line differently',
      more > 0 || place === null ? 'awsh config aws --lenient' : editAt(place),
    ),
  ];
}

/** All spaces except the plain one. */
const invisible = /\p{Cf}|(?! )\p{Z}/gu;

/** Nearly always `profile` is missing, or should not be there. */
function ignoredSection({ header, place }: WrittenSection, kind: AwsFileKind, { paths }: Scene): Finding {
  const shown = printable(header.slice(0, 60).replaceAll(invisible, '?'));
  const plain = printable(header.slice(0, 60).replaceAll(invisible, ' '));
  const name = kind === 'config' ? plain : plain.replace(/^profile\s+/, '');
  const right = kind === 'config' ? `[profile ${name.replace(/^profile\s+/i, '')}]` : `[${name}]`;
  const isName = /^(?:profile +)?[\w./%@:+-]+$/i.test(name);
  const fault = plain === shown ? 'in this file it is' : 'the ? is an invisible character; it is';
  const why =
    header === 'DEFAULT'
      ? 'the AWS CLI gives its keys to every profile, other SDKs to none; the right spelling is [default]'
      : isName
        ? `${fault} written ${right}`
        : 'no AWS SDK knows such a section';
  return problem(`${shownPlace(place, paths)}: [${shown}] is ignored`, why, editAt(place));
}

/** Reads the files again to get the error. */
function unreadable({ paths }: Scene): Finding {
  try {
    readAwsFiles(paths);
    return note('the AWS files were just changed', null, 'awsh doctor');
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const place = placeIn(error.what, paths);
    const next = error.next ?? (place && editAt(place));
    return problem(error.what, error.why ?? null, next);
  }
}
