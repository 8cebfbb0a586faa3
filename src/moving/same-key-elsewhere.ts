import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { followLinks } from '../system/index.ts';
import type { NamedKey } from '../vault/index.ts';

const largestFile = 4 * 1024 * 1024;
const mostFiles = 500;

/**
 * The files beside these (backups, swap files, the files themselves) that hold one of these keys in plain text still, by
 * id or by secret. What cannot be read is not named: it may be anything.
 */
export function filesWithSameKey(paths: readonly string[], keys: readonly NamedKey[]): string[] {
  const words = new Set(keys.flatMap(({ key }) => [key.accessKeyId, key.secretAccessKey.reveal()]));
  const folders = new Set(paths.flatMap((path) => [dirname(path), dirname(followLinks(path))]));
  const real = new Set<string>();
  return [...folders].flatMap(plainFiles).filter((file) => {
    const isNew = !real.has(fs.realpathSync(file));
    real.add(fs.realpathSync(file));
    return isNew && wordsIn(file).some((word) => words.has(word));
  });
}

function plainFiles(folder: string): string[] {
  try {
    const files = fs.readdirSync(folder).map((name) => join(folder, name));
    return files.filter((file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile()).slice(0, mostFiles);
  } catch {
    return [];
  }
}

/** Everything that could be a key's id or secret: both are made of base64's letters, `=` aside. */
function wordsIn(file: string): string[] {
  try {
    if (fs.statSync(file).size > largestFile) return [];
    return fs.readFileSync(file, 'latin1').split(/[^A-Za-z0-9+/_]+/);
  } catch {
    return [];
  }
}
