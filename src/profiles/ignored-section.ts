import { editCommand as editFileCommand, printable } from '../system/index.ts';
import type { AwsFiles, IgnoredSection, Place } from './section.ts';

/** What to do about a section that was meant for this profile, and that no AWS SDK reads. */
export function ignoredSectionOf(
  profile: string,
  { ignored, credentialsPath }: AwsFiles,
): { readonly why: string; readonly next: string } | null {
  const quoted = ignored.find(({ header }) => /['"]/.test(profile) && nameIn(header) === profile);
  if (quoted !== undefined) {
    const why = `${showPlace(quoted.place)}: [${printable(quoted.header)}] is ignored: its quotes do not match`;
    return { why, next: editCommand(quoted.place) };
  }
  const exact = ignored.find(({ header }) => profile.includes(']') && nameIn(header) === profile);
  if (exact !== undefined) {
    const why = `${showPlace(exact.place)}: [${printable(exact.header)}] is ignored: a name has no ]`;
    return { why, next: editCommand(exact.place) };
  }
  const section = ignored.find(({ meant, header }) => meant === profile || header === profile);
  if (section === undefined) return profile.includes('\ufffd') ? invalidNameOf(ignored) : null;
  if (section.header === 'DEFAULT') return { why: ignoredText(section), next: editCommand(section.place) };
  const isBare = profile === 'default' || section.place.file === credentialsPath;
  const right = isBare ? `[${profile}]` : `[profile ${profile}]`;
  const shown = printable(section.header.replaceAll(everyInvisible, '?'));
  const fault = invisible.test(section.header) ? 'the ? is an invisible character, and' : 'in this file';
  const why = `${showPlace(section.place)}: [${shown}] is ignored: ${fault} the profile is written ${right}`;
  return { why, next: editCommand(section.place) };
}

/** The same for `[services NAME]` and `[sso-session NAME]`. */
export function ignoredSectionLike(
  kind: 'services' | 'sso-session',
  name: string,
  { ignored }: AwsFiles,
): { readonly why: string; readonly next: string } | null {
  const wanted = `${kind} ${name}`;
  const section = ignored.find(({ header }) => plainHeader(header).toLowerCase() === wanted.toLowerCase());
  if (section === undefined) return null;
  return {
    why: `${ignoredText(section)}; it is written [${printable(wanted)}]`,
    next: editCommand(section.place),
  };
}

/** Of any width, except the plain space and the tab. */
export const invisible = /[\p{Cf}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
const everyInvisible = new RegExp(invisible, 'gu');

/**
 * The header that was probably meant: without invisible characters, quotes and doubled brackets.
 */
export function plainHeader(header: string): string {
  return header
    .replaceAll(everyInvisible, (sign) => (/\p{Z}/u.test(sign) ? ' ' : ''))
    .replaceAll(/["'[\]]/g, '')
    .replaceAll(/[ \t]+/g, ' ')
    .trim();
}

export function ignoredText({ header, place, why }: IgnoredSection): string {
  const shown = printable(header.slice(0, 80).replaceAll(everyInvisible, '?'));
  return `${showPlace(place)}: [${shown}] is ignored: ${why}`;
}

function showPlace({ file, line }: Place): string {
  return `${printable(file)}:${line}`;
}

function editCommand({ file, line }: Place): string {
  return editFileCommand(file, line);
}

const nameIn = (header: string) => header.replace(/^profile[ \t]+/i, '');

/** A name with bytes that are not UTF-8 could be any name, so no section is taken for it. */
function invalidNameOf(ignored: AwsFiles['ignored']): { readonly why: string; readonly next: string } {
  const section = ignored.find(({ header }) => header.includes('\ufffd'));
  const why = 'the name has bytes that are not valid UTF-8, and no profile has such a name';
  if (section === undefined) return { why, next: 'awsh list --profiles' };
  return {
    why: `${why}; ${showPlace(section.place)} is ignored for the same reason`,
    next: editCommand(section.place),
  };
}
