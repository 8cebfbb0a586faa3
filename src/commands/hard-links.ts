import { statSync } from 'node:fs';
import { type Context, tellProblem } from '../cli/index.ts';
import type { EditableFile } from '../profiles/index.ts';
import { printablePath, shellWord } from '../system/index.ts';

/**
 * Edits a file, and warns if it had other names. An edit replaces the file, so its hard links still
 * contain the old text, with the keys in it.
 */
export async function tellingHardLinks<T>(
  context: Context,
  { path }: EditableFile,
  edit: () => Promise<T>,
): Promise<T> {
  const before = statSync(path, { throwIfNoEntry: false });
  const result = await edit();
  const after = statSync(path, { throwIfNoEntry: false });
  if (before === undefined || before.nlink < 2 || before.ino === after?.ino) return result;
  const { home } = context.paths;
  const shown = printablePath(path, home);
  const others = before.nlink === 2 ? 'another name' : `${before.nlink - 1} other names`;
  await tellProblem(
    context.output,
    `${shown} had ${others} (hard links)`,
    'the change is in a new file; the old text, with every key in it, is still there under the other name',
    `find ${shellWord(home)} -xdev -inum ${before.ino}`,
  );
  return result;
}
