import { printable, shellCommand } from '../../system/index.ts';
import { type AwsFile, awsFilesAsWritten } from '../aws-file-texts.ts';
import { type Finding, problem } from '../finding.ts';
import type { Check } from '../scene.ts';
import { editAt, shownPlace } from '../shown.ts';

const refuses = 'awsh and the SDKs use the last one; the AWS CLI cannot read the file at all';

/**
 * What awsh reads and the AWS CLI (botocore) refuses: a section or property that occurs twice, a
 * byte order mark.
 */
export const duplicates: Check = {
  name: 'duplicates',
  run(scene): Finding[] {
    return awsFilesAsWritten(scene).flatMap((file) => [
      ...byteOrderMark(file),
      ...twice(
        file.sections.map(({ header, place }) => ({ name: `[${header}]`, place })),
        scene.paths,
      ),
      ...file.sections.flatMap(({ header, keys }) =>
        twice(
          keys.map(({ key, place }) => ({ name: `${key} in [${header}]`, place })),
          scene.paths,
        ),
      ),
    ]);
  },
};

type Named = { readonly name: string; readonly place: { readonly file: string; readonly line: number } };

function twice(all: readonly Named[], paths: Parameters<typeof shownPlace>[1]): Finding[] {
  const first = new Map<string, Named>();
  return all.flatMap((it) => {
    const before = first.get(it.name);
    first.set(it.name, before ?? it);
    if (before === undefined) return [];
    const what = `${shownPlace(it.place, paths)}: ${printable(it.name)} is also on line ${before.place.line}`;
    return [problem(what, refuses, editAt(it.place))];
  });
}

function byteOrderMark({ path, text }: AwsFile): Finding[] {
  if (!text.startsWith('\ufeff')) return [];
  const what = `${printable(path)} begins with a byte order mark`;
  // Editors do not show it. The command keeps the file's mode, and a link to it.
  const copy = `${path}.awsh-copy`;
  const remove = shellCommand`cp -p ${path} ${copy} && tail -c +4 ${copy} > ${path} && rm ${copy}`;
  return [problem(what, 'the AWS CLI cannot read the file, and most editors do not show the mark', remove)];
}
