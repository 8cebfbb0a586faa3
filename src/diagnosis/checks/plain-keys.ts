import { type Section, sessionKeysOf } from '../../profiles/index.ts';
import { quotePosix } from '../../shell/index.ts';
import { formatDuration, printable } from '../../system/index.ts';
import { awsFilesAsWritten } from '../aws-file-texts.ts';
import { type Finding, note, problem } from '../finding.ts';
import type { Check, Scene } from '../scene.ts';
import { editAt, numberOf, shownPlace, someOf } from '../shown.ts';

/** Access keys in plain text in the AWS files. Only their names and the ends of sessions are looked at. */
export const plainKeys: Check = {
  name: 'plain-keys',
  run(scene): Finding[] {
    const { files, paths, keys, clock } = scene;
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
    return [...findings, ...pastedSecrets(scene)];
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

/** A line of a shell, pasted into an AWS file: no program reads it there, and whoever copies the file has the secret. */
const pasted = /(?:secret_access_key|session_token|security_token)["']?\s*[=:]\s*["']?[^\s"']/i;
const ordinary = /^\s*aws_(?:secret_access_key|session_token|security_token)\s*[=:]/i;

function pastedSecrets(scene: Scene): Finding[] {
  return awsFilesAsWritten(scene).flatMap(({ path, text }) => {
    if (!pasted.test(text)) return [];
    const lines = text.split(/\r\n|\n|\r/);
    return lines.flatMap((line, at) => {
      if (!pasted.test(line) || ordinary.test(line)) return [];
      const place = { file: path, line: at + 1 };
      return [
        problem(
          `${shownPlace(place, scene.paths)}: a secret in plain text, in a line that no program reads`,
          'it looks like a line of a shell or a comment; every program that you start can read it there',
          editAt(place),
        ),
      ];
    });
  });
}
