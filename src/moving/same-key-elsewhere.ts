import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { followLinks, readChecked, statIfThere } from '../system/index.ts';
import type { NamedKey } from '../vault/index.ts';

const largestFile = 4 * 1024 * 1024;
const mostFiles = 500;

/** A file with a copy of keys in plain text. */
export interface FileWithKeys {
  readonly path: string;
  /** The profiles whose keys it contains. */
  readonly profiles: readonly string[];
}

/**
 * The files in the folders of these paths (backups, swap files, the files themselves) that still
 * contain one of these keys in plain text, by id or by secret. Files that cannot be read are left
 * out.
 */
export function filesWithSameKey(paths: readonly string[], keys: readonly NamedKey[]): FileWithKeys[] {
  const profileOf = new Map(
    keys.flatMap(({ profile, key }) => [
      [key.accessKeyId, profile] as const,
      [key.secretAccessKey.reveal(), profile] as const,
    ]),
  );
  const folders = new Set(paths.flatMap((path) => [dirname(path), dirname(followLinks(path))]));
  const real = new Set<string>();
  return [...folders].flatMap(plainFiles).flatMap((path) => {
    const isNew = !real.has(fs.realpathSync(path));
    real.add(fs.realpathSync(path));
    const profiles = new Set(isNew ? wordsIn(path).flatMap((word) => profileOf.get(word) ?? []) : []);
    return profiles.size === 0 ? [] : [{ path, profiles: [...profiles] }];
  });
}

function plainFiles(folder: string): string[] {
  try {
    const files = fs.readdirSync(folder).map((name) => join(folder, name));
    return files.filter((file) => statIfThere(file)?.isFile()).slice(0, mostFiles);
  } catch {
    return [];
  }
}

/**
 * All words that could be a key's id or secret: both consist of base64's characters, without `=`.
 */
export function wordsIn(file: string): string[] {
  try {
    return readChecked(file, { largest: largestFile })
      .toString('latin1')
      .split(/[^A-Za-z0-9+/_]+/);
  } catch {
    return [];
  }
}
