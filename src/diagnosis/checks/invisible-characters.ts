import { printable } from '../../system/index.ts';
import { type AwsFile, awsFilesAsWritten } from '../aws-file-texts.ts';
import { type Finding, problem } from '../finding.ts';
import type { Check, Scene } from '../scene.ts';
import { editAt, shownPlace } from '../shown.ts';

/** Characters that look like a blank or like nothing, usually pasted from a web page or a chat. */
const characters: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['a no-break space', /[\u00a0\u202f]/],
  ['an unusual space character', /[\u1680\u2000-\u200a\u205f\u3000]/],
  ['a zero-width character', /[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]/],
  ['a control character', /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/],
  ['bytes that are not UTF-8', /\ufffd/],
];

/** Invisible characters in the AWS files, which programs read as part of a name or a value. */
export const invisibleCharacters: Check = {
  name: 'invisible-characters',
  run(scene): Finding[] {
    return awsFilesAsWritten(scene).flatMap((file) => invisibleIn(file, scene));
  },
};

function invisibleIn({ path, text }: AwsFile, { paths }: Scene): Finding[] {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  // Most files are ASCII, so one test is enough.
  if (/^[\t\n\r\x20-\x7e]*$/.test(body)) return [];
  const lines = body.split(/\r\n|\n|\r/);
  const found = lines.flatMap((line, at) => {
    const name = characters.find(([, pattern]) => pattern.test(line))?.[0];
    return name === undefined ? [] : [{ name, place: { file: path, line: at + 1 } }];
  });
  const [first] = found;
  if (first === undefined) return [];
  const more =
    found.length > 1 ? `, and on ${found.length - 1} more ${found.length === 2 ? 'line' : 'lines'}` : '';
  return [
    problem(
      `${shownPlace(first.place, paths)}: ${printable(first.name)}${more}`,
      'it looks like a space or is not visible, and programs read it as a part of the name or the value',
      editAt(first.place),
    ),
  ];
}
