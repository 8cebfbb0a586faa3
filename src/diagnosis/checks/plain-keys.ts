import { findPlainKeys } from '../../moving/index.ts';
import { type Section, sessionKeysOf } from '../../profiles/index.ts';
import { formatAge, operandWords, printable, shellWord } from '../../system/index.ts';
import { awsFilesAsWritten } from '../aws-file-texts.ts';
import { type Finding, note, problem } from '../finding.ts';
import type { Check, Scene } from '../scene.ts';
import { editAt, numberOf, shownPlace, someOf } from '../shown.ts';

/**
 * Access keys in plain text in the AWS files: names, ids, and the expiry of sessions. Shows no
 * secret.
 */
export const plainKeys: Check = {
  name: 'plain-keys',
  run(scene): Finding[] {
    const { files, paths, keys, clock } = scene;
    const sections = [...(files?.profiles.values() ?? [])];
    const inPlain = sections.filter(({ properties }) => properties.get('aws_secret_access_key')?.value);
    const lasting = inPlain.filter((section) => sessionKeysOf(section) === null);
    const findings = inPlain.flatMap((section) => endedSession(section, clock.now()));
    const found = files === null ? null : findPlainKeys(files, new Date(clock.now()), paths.home);
    const odd = (found?.passedOver ?? []).filter(({ matters }) => matters);
    const importable = lasting.filter(({ name }) => !odd.some((it) => it.name === printable(name)));
    // Import skips a key if another one is stored under its name.
    const replaced = importable.filter(({ name, properties }) =>
      keys.some(
        (key) => key.profile === name && key.accessKeyId !== properties.get('aws_access_key_id')?.value,
      ),
    );
    const overwrite = `awsh import --overwrite ${operandWords(replaced.map(({ name }) => name))}`;
    const [first] = importable;
    if (first !== undefined) {
      const place = first.properties.get('aws_secret_access_key')?.place ?? first.place;
      findings.unshift(
        problem(
          `${numberOf(importable.length, 'access key')} in plain text: ${someOf(importable.map(({ name }) => name))}`,
          `every program that you start can read ${shownPlace(place, paths).replace(/:\d+$/, '')}`,
          replaced.length > 0 && replaced.length === importable.length ? overwrite : 'awsh import',
        ),
      );
    }
    const pastedLines = pastedSecrets(scene);
    for (const { name, why, advice, next } of odd) {
      // A pasted line is reported below, with its own advice.
      const place = next?.replace(/^vi \+(\d+) (.*)$/, '$2:$1:') ?? '';
      if (place !== '' && pastedLines.some(({ what }) => what.startsWith(place))) continue;
      const what = `the access key of ${name || 'no profile'} in plain text cannot be imported as it is`;
      findings.push(problem(what, [why, advice].filter(Boolean).join('; '), next));
    }
    const isStored = ({ name }: Section) => keys.some(({ profile }) => profile === name);
    if (replaced.length > 0) {
      findings.push(
        note(
          `the stored key differs from the one in the AWS files: ${someOf(replaced.map(({ name }) => name))}`,
          'awsh uses the stored key, and other programs use the one in the file; --overwrite replaces the stored key',
          overwrite,
        ),
      );
    }
    const shadowed = importable.filter((section) => isStored(section) && !replaced.includes(section));
    if (shadowed.length > 0) {
      findings.push(
        note(
          `stored, and in the AWS files as well: ${someOf(shadowed.map(({ name }) => name))}`,
          'awsh uses the stored key, and other programs use the one in the file',
          'awsh import',
        ),
      );
    }
    const sessions = inPlain.filter((section) => sessionKeysOf(section) !== null && isStored(section));
    if (sessions.length > 0) {
      findings.push(
        note(
          `a key is stored, and session keys are in the AWS files: ${someOf(sessions.map(({ name }) => name))}`,
          'awsh uses the stored key, and other programs use the session keys in the file',
          null,
        ),
      );
    }
    return [...findings, ...pastedLines];
  },
};

function endedSession(section: Section, now: number): Finding[] {
  const session = sessionKeysOf(section);
  if (session === null || session.ends === null || session.ends.at.getTime() > now) return [];
  const ago = formatAge((now - session.ends.at.getTime()) / 1000);
  const next = session.tool?.renew.map(shellWord).join(' ') ?? null;
  return [
    note(
      `the session keys of ${printable(section.name)} in plain text ended ${ago} ago`,
      `${session.tool?.name ?? 'another program'} writes such keys, and renews them`,
      next,
    ),
  ];
}

/**
 * A shell command pasted into an AWS file: no program reads it there, and anyone who gets a copy of
 * the file has the secret.
 */
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
          'it looks like a shell command or a comment; every program that you start can read it there',
          editAt(place),
        ),
      ];
    });
  });
}
