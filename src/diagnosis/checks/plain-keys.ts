import { type Finding, note, problem } from '../finding.ts';
import type { Check } from '../scene.ts';
import { numberOf, shownPlace, someOf } from '../shown.ts';

/** Access keys in plain text in the AWS files. Only their names are looked at. */
export const plainKeys: Check = {
  name: 'plain-keys',
  run({ files, paths, keys }): Finding[] {
    const sections = [...(files?.profiles.values() ?? [])];
    const inPlain = sections.filter(({ properties }) => properties.get('aws_secret_access_key')?.value);
    const isTemporary = ({ properties }: (typeof inPlain)[number]) =>
      Boolean(properties.get('aws_session_token')?.value);
    const lasting = inPlain.filter((section) => !isTemporary(section));
    const findings: Finding[] = [];
    const [first] = lasting;
    if (first !== undefined) {
      const place = first.properties.get('aws_secret_access_key')?.place ?? first.place;
      findings.push(
        problem(
          `${numberOf(lasting.length, 'access key')} in plain text: ${someOf(lasting.map(({ name }) => name))}`,
          `every program that you start can read ${shownPlace(place, paths).replace(/:\d+$/, '')}`,
          'awsh import',
        ),
      );
    }
    const shadowed = inPlain.filter(({ name }) => keys.some(({ profile }) => profile === name));
    if (shadowed.length > 0) {
      findings.push(
        note(
          `stored, and in the AWS files as well: ${someOf(shadowed.map(({ name }) => name))}`,
          'awsh takes the stored key, other programs the one in the file',
          'awsh import',
        ),
      );
    }
    return findings;
  },
};
