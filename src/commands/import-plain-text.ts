import { basename } from 'node:path';
import { type CommandInput, type Context, tellProblem, withGivenOptions } from '../cli/index.ts';
import {
  type FoundKey,
  filesWithSameKey,
  findPlainKeys,
  keysOnlyInFile,
  removePlainKeys,
} from '../moving/index.ts';
import { type EditableFile, editableConfig, editableCredentials } from '../profiles/index.ts';
import {
  editCommand,
  operandWord,
  operandWords,
  PersonNeededError,
  printablePath,
  shellCommand,
  shellWord,
} from '../system/index.ts';
import { tellingHardLinks } from './hard-links.ts';
import { addToConfig, isSameFile, profilesInCredentialsOnly } from './import-profiles.ts';
import { namesOf, numberOf } from './key-list.ts';
import { readableAwsFiles } from './readable-aws-files.ts';

/**
 * Removes keys that are now in the vault from the AWS files. Asks first, unless `--yes` is given;
 * does nothing with `--keep`. Then names every other file that still contains one of these keys,
 * and what to do about a key that was stored in plain text. Returns how many keys should have been
 * removed and were not.
 */
export async function cleanUpPlainText(
  context: Context,
  input: CommandInput,
  keys: readonly FoundKey[],
  fileOf: (key: FoundKey) => string,
): Promise<number> {
  if (keys.length === 0) return 0;
  const { paths, output } = context;
  let left = 0;
  let failure: unknown = null;
  const kept = new Set<string>();
  const [credentials, config] = [editableCredentials(paths), editableConfig(paths)];
  for (const file of isSameFile(credentials.path, config.path) ? [credentials] : [credentials, config]) {
    const own = keys.filter((key) => fileOf(key) === file.path);
    if (own.length === 0) continue;
    try {
      if (await mayRemove(context, input, own, file.path)) left += await takeOut(context, input, file, own);
      else kept.add(file.path);
    } catch (error) {
      failure ??= error;
    }
  }
  for (const { path, profiles } of filesWithSameKey([paths.awsCredentials, paths.awsConfig], keys)) {
    const named = kept.has(path) ? profiles : await sectionsIn(context, path, keys, profiles);
    await tellCopy(context, path, named, kept.has(path));
  }
  const [first = '', ...others] = [...new Set(keys.map(({ profile }) => profile))];
  const each =
    others.length === 0 ? 'replace them' : `replace each of these ${others.length + 1}, one at a time`;
  output.tell(
    `awsh: keys in plain text may have been read or backed up; ${each}: ${withGivenOptions(`awsh rotate ${operandWord(first)}`)}`,
  );
  if (failure !== null) throw failure;
  return left;
}

/** Names a file that still contains keys, and the next command for it. */
async function tellCopy(
  context: Context,
  path: string,
  profiles: readonly string[],
  isKept: boolean,
): Promise<void> {
  const { output, paths } = context;
  const isAwsFile = path === paths.awsCredentials || path === paths.awsConfig;
  const [why, next] = isAwsFile
    ? ['every program that you start can read it', isKept ? removeCommand(profiles) : editCommand(path)]
    : await adviceForCopy(context, path);
  const what = `still in plain text in ${shown(context, path)}: ${namesOf(profiles.map((profile) => ({ profile })))}`;
  await tellProblem(output, what, why, next);
}

/** The profiles for which an AWS file has one of these keys; `otherwise` if there is none. */
async function sectionsIn(
  context: Context,
  path: string,
  keys: readonly FoundKey[],
  otherwise: readonly string[],
): Promise<readonly string[]> {
  const files = readableAwsFiles(context.paths);
  const ids = new Set(keys.map(({ key }) => key.accessKeyId));
  const found = findPlainKeys(files, new Date(0), context.paths.home).keys;
  const names = found.filter(({ file, key }) => file === path && ids.has(key.accessKeyId));
  return names.length === 0 ? otherwise : [...new Set(names.map(({ profile }) => profile))];
}

/** A command that removes the lines of stored keys; the keys are not stored again. */
function removeCommand(profiles: readonly string[]): string {
  return `awsh import --yes ${operandWords(profiles)}`;
}

/**
 * Suggests deleting a file only if each key in it is in the vault; otherwise it may contain the
 * only copy of a key.
 */
async function adviceForCopy(context: Context, path: string): Promise<[string, string]> {
  const { missing, importable, hasMore } = await keysOnlyInFile(path, await context.vault());
  if (missing.length === 0 && !hasMore) {
    return [
      'every key in it is in the vault: delete the file if you need nothing else in it',
      shellCommand`rm -i -- ${path}`,
    ];
  }
  if (missing.length === 0) {
    return ['it may also have a key that is not in the vault: look before you delete it', editCommand(path)];
  }
  const names = namesOf(missing.map((profile) => ({ profile })));
  const why = `it also has keys that are not in the vault: ${names}; do not delete it`;
  if (hasMore || !missing.every((name) => importable.includes(name))) return [why, editCommand(path)];
  const variable = /config/i.test(basename(path)) ? 'AWS_CONFIG_FILE' : 'AWS_SHARED_CREDENTIALS_FILE';
  const command = `${variable}=${shellWord(path)} awsh import ${operandWords(importable)}`;
  return [`${why} before you import them`, command];
}

async function takeOut(
  context: Context,
  input: CommandInput,
  file: EditableFile,
  keys: readonly FoundKey[],
): Promise<number> {
  const { output } = context;
  const vault = await context.vault();
  const files = await context.awsFiles();
  // Users tend to delete a credentials file without keys, so the profile's name is added to the
  // config file first.
  const names = keys.map(({ profile }) => profile);
  if (!input.flag('no-add-config')) await addToConfig(context, profilesInCredentialsOnly(files, names));
  const { removed, gone, left } = await tellingHardLinks(context, file, () =>
    vault.whileKeysStay(() => removePlainKeys(file, files, keys, (key) => vault.holdsAccessKey(key))),
  );
  const where = shown(context, file.path);
  if (removed.length > 0)
    output.tell(`awsh: removed ${numberOf(removed)} from ${where}: ${namesOf(removed)}`);
  if (gone.length > 0)
    output.tell(`awsh: another program has removed ${numberOf(gone)} from ${where}: ${namesOf(gone)}`);
  if (left.length > 0) {
    await tellProblem(
      output,
      `not removed from ${where}: ${namesOf(left)}`,
      'the lines differ from the stored key now, or the key is no longer in the vault',
      'awsh import --dry-run',
    );
  }
  return left.length;
}

async function mayRemove(
  context: Context,
  input: CommandInput,
  keys: readonly FoundKey[],
  path: string,
): Promise<boolean> {
  if (input.flag('keep')) return false;
  if (input.flag('yes')) return true;
  const prompter = await context.prompter();
  if (prompter.canAsk) {
    return await prompter.confirm(`remove ${numberOf(keys)} (${namesOf(keys)}) from ${shown(context, path)}`);
  }
  throw new PersonNeededError(
    `the keys are stored, and are still in plain text in ${shown(context, path)}`,
    'there is no terminal to ask in before they are removed; --keep leaves them in the file',
    `awsh import --yes ${input.operands.length > 0 ? operandWords(input.operands) : '--all'}`,
  );
}

function shown({ paths }: Context, path: string): string {
  return printablePath(path, paths.home);
}
