import type { CommandInput, Context } from '../cli/index.ts';
import { CancelledError, PersonNeededError, printable } from '../system/index.ts';
import { loadingLines, withBlock, withoutBlock } from './rc-block.ts';
import { rcPath, readRc, shellToSetUp, writeRc } from './rc-file.ts';

/** `awsh setup`: adds one marked block to the shell's rc file, after showing it; `--remove` takes it out again. */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const removes = input.flag('remove');
  const shell = shellToSetUp(input.value('shell'), context.environment);
  const path = rcPath(shell, context.environment, context.paths.home);
  const before = readRc(path);
  const lines = loadingLines(shell, context.packageFolder).map(utf8AsBytes);
  const after = removes ? before && withoutBlock(before) : withBlock(before, lines);
  const file = printable(path);
  if (before === after || ((before ?? '') === (after ?? '') && removes)) {
    context.output.tell(removes ? `awsh: ${file} has nothing of awsh's` : `awsh: ${file} loads awsh already`);
    return 0;
  }
  const difference = changedLines(before ?? '', after ?? '').map(bytesAsUtf8);
  await context.output.print(`${[`${file}:`, ...difference.map(printable)].join('\n')}\n`);
  if (input.flag('dry-run')) return 0;
  if (!input.flag('yes')) await confirm(context, `make this change to ${file}`);
  writeRc(path, after);
  context.output.tell(
    removes
      ? `awsh: ${file} is as it was; shells that are open keep the hook`
      : `awsh: every new ${shell} loads awsh now. For this one: source ${file}`,
  );
  return 0;
}

async function confirm(context: Context, question: string): Promise<void> {
  const prompter = await context.prompter();
  if (!prompter.canAsk) {
    throw new PersonNeededError(
      'setup asks before it changes a file',
      'there is no terminal to ask on',
      'awsh setup --yes',
    );
  }
  if (!(await prompter.confirm(question))) throw new CancelledError('nothing was changed');
}

/** The lines that go, with `- `, and those that come, with `+ `: what is left when the same beginning and end are cut. */
function changedLines(before: string, after: string): string[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  let from = 0;
  while (from < old.length && from < now.length && old[from] === now[from]) from += 1;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - from && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  return [
    ...old.slice(from, old.length - tail).map((line) => `- ${line}`),
    ...now.slice(from, now.length - tail).map((line) => `+ ${line}`),
  ];
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** The rc file is handled as bytes, one character each: what we add is written likewise, and read back for people. */
function utf8AsBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function bytesAsUtf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
