import { type AwsFileKind, sectionsAsWritten, type WrittenSection } from '../profiles/index.ts';
import { readFileIfThere } from '../system/index.ts';
import type { Scene } from './scene.ts';

/** One of the two AWS files as it is. */
export interface AwsFile {
  readonly kind: AwsFileKind;
  readonly path: string;
  readonly text: string;
  readonly sections: readonly WrittenSection[];
}

const read = new WeakMap<object, AwsFile[]>();

/** The existing AWS files, read once for all checks; empty if one cannot be read. */
export function awsFilesAsWritten(scene: Scene): AwsFile[] {
  const known = read.get(scene);
  if (known !== undefined) return known;
  const files = filesOf(scene);
  read.set(scene, files);
  return files;
}

function filesOf({ paths, files }: Scene): AwsFile[] {
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
