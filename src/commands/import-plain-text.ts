import type { CommandInput, Context } from '../cli/index.ts';
import { type FoundKey, filesWithSameKey, removePlainKeys } from '../moving/index.ts';
import { editableConfig, editableCredentials } from '../profiles/index.ts';
import { PersonNeededError, printable, printablePath } from '../system/index.ts';
import { namesOf, numberOf } from './key-list.ts';

/**
 * Takes keys that are in the vault now out of the AWS files: asks first, unless `--yes`; not at all with `--keep`. Then names
 * every file beside them that still holds one, and what cures a key that lay in plain text.
 */
export async function cleanUpPlainText(
  context: Context,
  input: CommandInput,
  keys: readonly FoundKey[],
  fileOf: (key: FoundKey) => string,
): Promise<void> {
  const { paths, output } = context;
  for (const file of [editableCredentials(paths), editableConfig(paths)]) {
    const own = keys.filter((key) => fileOf(key) === file.path);
    if (own.length === 0 || !(await mayRemove(context, input, own, file.path))) continue;
    const removed = await removePlainKeys(file, own);
    output.tell(`awsh: took ${removed} of ${numberOf(own)} out of ${shown(context, file.path)}`);
  }
  if (keys.length === 0) return;
  for (const path of filesWithSameKey([paths.awsCredentials, paths.awsConfig], keys)) {
    output.tell(`awsh: in plain text still: ${shown(context, path)}`);
  }
  const what = keys.length === 1 ? JSON.stringify(printable(keys[0]?.profile ?? '')) : '--all';
  output.tell(`awsh: what lay in plain text may have been read or backed up; new keys: awsh rotate ${what}`);
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
    prompter.tell(`in plain text: ${namesOf(keys)}`);
    return await prompter.confirm(`take ${numberOf(keys)} out of ${shown(context, path)}`);
  }
  throw new PersonNeededError(
    `the keys are stored, and lie in plain text still in ${shown(context, path)}`,
    'there is no terminal to ask on before they are taken out',
    'awsh import --all --yes, or --keep to leave them there',
  );
}

function shown({ paths }: Context, path: string): string {
  return printablePath(path, paths.home);
}
