import { type Section, sessionKeysOf } from '../../profiles/index.ts';
import { quotePosix } from '../../shell/index.ts';
import { formatDuration, printable } from '../../system/index.ts';
import { type Finding, note, problem } from '../finding.ts';
import type { Check } from '../scene.ts';
import { numberOf, shownPlace, someOf } from '../shown.ts';

/** Access keys in plain text in the AWS files. Only their names and the ends of sessions are looked at. */
export const plainKeys: Check = {
  name: 'plain-keys',
  run({ files, paths, keys, clock }): Finding[] {
    const sections = [...(files?.profiles.values() ?? [])];
    const inPlain = sections.filter(({ properties }) => properties.get('aws_secret_access_key')?.value);
    const lasting = inPlain.filter((section) => sessionKeysOf(section) === null);
    const findings = inPlain.flatMap((section) => endedSession(section, clock.now()));
    const [first] = lasting;
    if (first !== undefined) {
      const place = first.properties.get('aws_secret_access_key')?.place ?? first.place;
      findings.unshift(
        problem(
          `${numberOf(lasting.length, 'access key')} in plain text: ${someOf(lasting.map(({ name }) => name))}`,
          `every program that you start can read ${shownPlace(place, paths).replace(/:\d+$/, '')}`,
          'awsh import',
        ),
      );
    }
    const isStored = ({ name }: Section) => keys.some(({ profile }) => profile === name);
    const shadowed = lasting.filter(isStored);
    if (shadowed.length > 0) {
      findings.push(
        note(
          `stored, and in the AWS files as well: ${someOf(shadowed.map(({ name }) => name))}`,
          'awsh takes the stored key, other programs the one in the file',
          'awsh import',
        ),
      );
    }
    const sessions = inPlain.filter((section) => sessionKeysOf(section) !== null && isStored(section));
    if (sessions.length > 0) {
      findings.push(
        note(
          `a key is stored, and session keys are in the AWS files: ${someOf(sessions.map(({ name }) => name))}`,
          'awsh takes the stored key, other programs the session keys in the file',
          null,
        ),
      );
    }
    return findings;
  },
};

function endedSession(section: Section, now: number): Finding[] {
  const session = sessionKeysOf(section);
  if (session === null || session.ends === null || session.ends.at.getTime() > now) return [];
  const ago = formatDuration((now - session.ends.at.getTime()) / 1000);
  const next = session.tool?.renew.map((word) => quotePosix(printable(word))).join(' ') ?? null;
  return [
    note(
      `the session keys of ${printable(section.name)} in plain text ended ${ago} ago`,
      `${session.tool?.name ?? 'another program'} writes such keys, and renews them`,
      next,
    ),
  ];
}
