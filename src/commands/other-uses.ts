// Finds lines of the user's own files that call awsh, and would fail without it.
import { type Context, supportedShells, tellProblem } from '../cli/index.ts';
import { type Place, readAwsFiles } from '../profiles/index.ts';
import { AwshError, editCommand, printablePath } from '../system/index.ts';
import { readRc } from './rc-file.ts';
import { rcPathsEver } from './rc-places.ts';

/** Names the first line in each file, with the command that opens it. */
export async function tellOtherUses(context: Context): Promise<void> {
  const { paths, output } = context;
  for (const { file, line } of [...inStartUpFiles(context), ...inAwsFiles(context)]) {
    const what = `${printablePath(file, paths.home)}:${line} calls awsh`;
    await tellProblem(output, what, 'this line is not of awsh setup, and stays', editCommand(file, line));
  }
}

function inStartUpFiles({ environment, paths }: Context): Place[] {
  const place = { environment, home: paths.home };
  const files = new Set(supportedShells.flatMap((shell) => rcPathsEver(shell, place)));
  return [...files].flatMap((file) => {
    const lines = withoutBlock(readRc(file) ?? '').split('\n');
    const at = lines.findIndex((line) =>
      /^[^#]*(\bawsh (hook|export|exec|prompt)\b|\bawsh\.(bash|zsh|fish)\b)/.test(line),
    );
    return at < 0 ? [] : [{ file, line: at + 1 }];
  });
}

/** Replaces the block with empty lines, so that the lines below it keep their numbers. */
function withoutBlock(text: string): string {
  return text.replace(/^# >>> awsh >>>$[\s\S]*?^# <<< awsh <<<$/m, (block) => block.replace(/[^\n]/g, ''));
}

/** A `credential_process` that runs awsh. */
function inAwsFiles({ paths }: Context): Place[] {
  try {
    const sections = [...readAwsFiles(paths).profiles.values()];
    const found = sections.flatMap(({ properties }) => properties.get('credential_process') ?? []);
    const first = found.find(({ value }) => /(^|[\s/])awsh(\s|$)/.test(value));
    return first === undefined ? [] : [first.place];
  } catch (error) {
    if (error instanceof AwshError) return [];
    throw error;
  }
}
