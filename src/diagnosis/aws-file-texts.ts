import { type AwsFileKind, sectionsAsWritten, type WrittenSection } from '../profiles/index.ts';
import { readFileIfThere } from '../system/index.ts';
import type { Scene } from './scene.ts';

/** One of the two AWS files as it stands. */
export interface AwsFile {
  readonly kind: AwsFileKind;
  readonly path: string;
  readonly text: string;
  readonly sections: readonly WrittenSection[];
}

/** The AWS files that are there; none where one is malformed. */
export function awsFilesAsWritten({ paths, files }: Scene): AwsFile[] {
  if (files === null) return [];
  const places = [
    ['config', paths.awsConfig],
    ['credentials', paths.awsCredentials],
  ] as const;
  return places.flatMap(([kind, path]) => {
    const text = readFileIfThere(path);
    return text === null ? [] : [{ kind, path, text, sections: sectionsAsWritten({ path, text }, kind) }];
  });
}
