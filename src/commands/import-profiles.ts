/** Adds the imported profiles to the AWS config file, and prints their names. */
import type { Context } from '../cli/index.ts';
import {
  type AwsFiles,
  addProfiles,
  editableConfig,
  findProfile,
  isSectionName,
  profilesToAdd,
} from '../profiles/index.ts';
import { printablePath, statIfThere } from '../system/index.ts';
import { tellingHardLinks } from './hard-links.ts';
import type { ImportRun } from './import-keys.ts';
import { namesOf } from './key-list.ts';
import { readableAwsFiles } from './readable-aws-files.ts';

/**
 * The profiles that would disappear with their keys: they are in the credentials file and have no
 * other properties.
 */
export function profilesInCredentialsOnly(files: AwsFiles, names: readonly string[]): string[] {
  // If one file is used for both, the section stays, and a second one of its name would be
  // ambiguous.
  if (isSameFile(files.configPath, files.credentialsPath)) return [];
  const keyNames = ['aws_access_key_id', 'aws_secret_access_key'];
  return names.filter(isSectionName).filter((name) => {
    const properties = [...(files.profiles.get(name)?.properties ?? [])];
    return properties.every(
      ([key, { place }]) => keyNames.includes(key) && place.file === files.credentialsPath,
    );
  });
}

export function isSameFile(path: string, other: string): boolean {
  const [stat, otherStat] = [statIfThere(path), statIfThere(other)];
  return stat !== undefined && stat.dev === otherStat?.dev && stat.ino === otherStat.ino;
}

/**
 * Without a profile in an AWS file, no command would find the key. Returns how many are still
 * missing: always 0.
 */
export async function addMissingProfiles({ context, tally }: ImportRun): Promise<number> {
  const files = readableAwsFiles(context.paths);
  await addToConfig(context, missingProfiles(files, [...tally.done]));
  return 0;
}

/** Adds an empty section for each profile that the config file does not have, and names them. */
export async function addToConfig(context: Context, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const config = editableConfig(context.paths);
  const added = await tellingHardLinks(context, config, () => addProfiles(config, names));
  if (added.length > 0) context.output.tell(`awsh: added to ${addedWords(context, added)}`);
}

/** For `--dry-run`. */
export function tellProfilesToAdd({ context, input, tally }: ImportRun): void {
  if (input.flag('no-add-config')) return;
  const files = readableAwsFiles(context.paths);
  const names = [...tally.done];
  const alone = input.flag('keep') ? [] : profilesInCredentialsOnly(files, names);
  const all = [...new Set([...missingProfiles(files, names), ...alone])];
  const added = profilesToAdd(editableConfig(context.paths), all);
  if (added.length > 0) context.output.tell(`awsh: would be added to ${addedWords(context, added)}`);
}

function missingProfiles(files: AwsFiles, names: readonly string[]): string[] {
  return names.filter((name) => isSectionName(name) && findProfile(files, name) === null);
}

function addedWords({ paths }: Context, names: readonly string[]): string {
  const number = names.length === 1 ? '1 profile' : `${names.length} profiles`;
  const file = printablePath(paths.awsConfig, paths.home);
  return `${file}: ${number}: ${namesOf(names.map((profile) => ({ profile })))}`;
}
