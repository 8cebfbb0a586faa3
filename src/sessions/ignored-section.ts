import { type AwsFiles, editCommand } from '../profiles/index.ts';
import { printable } from '../system/index.ts';
import { showPlace } from './profile-settings.ts';

/** What to do about a section that its author meant for this profile, and that no AWS SDK reads. */
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
  const section = ignored.find(({ meant }) => meant === profile);
  if (section === undefined) return profile.includes('\ufffd') ? invalidNameOf(ignored) : null;
  const isBare = profile === 'default' || section.place.file === credentialsPath;
  const right = isBare ? `[${profile}]` : `[profile ${profile}]`;
  const shown = printable(section.header.replaceAll(/[\p{Cf}\p{Z}]/gu, (sign) => (sign === ' ' ? ' ' : '?')));
  const isSame = shown.replaceAll('?', ' ') === right.slice(1, -1);
  const fault = isSame ? 'the ? is an invisible character, and' : 'in this file';
  const why = `${showPlace(section.place)}: [${shown}] is ignored: ${fault} the profile is written ${right}`;
  return { why, next: editCommand(section.place) };
}

const nameIn = (header: string) => header.replace(/^profile[ \t]+/i, '');

/** A name with bytes that are not UTF-8 cannot be told from another one: no section is taken for it. */
function invalidNameOf(ignored: AwsFiles['ignored']): { readonly why: string; readonly next: string } {
  const section = ignored.find(({ header }) => header.includes('\ufffd'));
  const why = 'the name has bytes that are not valid UTF-8, and no profile has such a name';
  if (section === undefined) return { why, next: 'awsh list --profiles' };
  return {
    why: `${why}; ${showPlace(section.place)} is ignored for the same reason`,
    next: editCommand(section.place),
  };
}
