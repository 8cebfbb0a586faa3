import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isNewer } from '../agent/index.ts';
import {
  type CommandInput,
  type Context,
  linkPackage,
  lookOf,
  packageLink,
  packageVersion,
  supportedShells,
  unlinkPackage,
} from '../cli/index.ts';
import {
  AwshError,
  CancelledError,
  findProgram,
  PersonNeededError,
  printable,
  printablePath,
  removeMadeFolders,
  shellCommand,
  shellWord,
} from '../system/index.ts';
import { isNewMachine, leadOn } from './first-run.ts';
import { installationOf } from './linked-package.ts';
import { hasBlock, loadingLine, withBlock } from './rc-block.ts';
import { readRc, whyReadOnly, writeRc } from './rc-file.ts';
import { type RcPlace, rcPaths, rcPathsEver } from './rc-places.ts';
import { addition, changedLines, type RcChange, removal } from './setup-change.ts';
import { parentCommand, type ShellChoice, shellToSetUp } from './setup-shell.ts';

/**
 * `awsh setup`: shows one marked block and adds it to the shell's rc file; `--remove` removes it.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const choice = shellToSetUp(input.value('shell'), context.environment, parentCommand());
  return input.flag('remove') ? takeOut(context, input, choice) : putIn(context, input, choice);
}

async function putIn(context: Context, input: CommandInput, { shell, other }: ShellChoice): Promise<number> {
  const { paths, packageFolder, output } = context;
  const link = packageLink(paths);
  const isCheckout = !input.flag('dry-run') && requireCopy(context);
  tellOfNewer(context);
  const all = rcPaths(shell, placeOf(context)).map((path) => addition(path, shell, link, paths.home));
  const changes = all.filter(({ before, after }) => before !== after);
  if (changes.length === 0) {
    const moved = !input.flag('dry-run') && linkPackage(paths, packageFolder);
    const from = moved ? `, now from ${printablePath(packageFolder, paths.home)}` : '';
    output.tell(`awsh: ${named(all, paths.home)} loads awsh already${from}`);
    return 0;
  }
  const [closed, open] = [changes.filter(isReadOnly), changes.filter((change) => !isReadOnly(change))];
  const leads = `${printablePath(link, paths.home)} -> ${printablePath(packageFolder, paths.home)}`;
  await show(context, input.flag('dry-run') ? changes : open, leads);
  if (input.flag('dry-run')) return 0;
  if (open.length > 0 && !input.flag('yes')) await confirm(context, open);
  linkPackage(paths, packageFolder);
  for (const { path, before, after } of open) writeRc(path, before, after);
  if (closed[0] !== undefined) {
    await output.print(`\n${withBlock('', loadingLine(shell, link, paths.home))}\n`);
    refuseReadOnly(context, closed[0], 'put the block above into');
  }
  output.tell(`awsh: every new ${shell} shell loads awsh; in this terminal: exec ${shell}`);
  if (isCheckout)
    output.tell(
      `awsh: it is loaded from ${printablePath(packageFolder, paths.home)}, which has to stay there`,
    );
  if (other !== null) output.tell(`awsh: your login shell is ${other}: awsh setup --shell ${other}`);
  if (!input.flag('yes') && (await isNewMachine(context))) await leadOn(context, shell);
  return 0;
}

async function takeOut(context: Context, input: CommandInput, { shell }: ShellChoice): Promise<number> {
  const { paths, output } = context;
  const place = placeOf(context);
  const all = rcPathsEver(shell, place).map(removal);
  const changes = all.filter(({ before, after }) => before !== after);
  if (changes.length === 0) {
    output.tell(`awsh: ${named(all.slice(0, 1), paths.home)} has nothing of awsh's`);
    return 0;
  }
  await show(context, changes, null);
  if (input.flag('dry-run')) return 0;
  const closed = changes.find(isReadOnly);
  if (closed !== undefined) refuseReadOnly(context, closed, 'remove the lines above from');
  if (!input.flag('yes')) await confirm(context, changes);
  for (const { path, before, after } of changes) {
    writeRc(path, before, after);
    if (after === null) removeMadeFolders(dirname(path), paths.home);
  }
  // The block of another shell may still need it.
  const left = supportedShells.flatMap((name) => rcPathsEver(name, place)).map(readRc);
  if (!left.some((text) => text !== null && hasBlock(text))) unlinkPackage(paths);
  const verb = changes.length === 1 ? 'is as it was' : 'are as they were';
  output.tell(`awsh: ${named(changes, paths.home)} ${verb}; shells that are already open keep the hook`);
  return 0;
}

function placeOf({ environment, paths }: Context): RcPlace {
  return { environment, home: paths.home };
}

function named(changes: readonly RcChange[], home: string): string {
  return changes.map(({ path }) => printablePath(path, home)).join(' and ');
}

/** Shows what will change, file by file, and the link that the block relies on. */
async function show(context: Context, changes: readonly RcChange[], link: string | null): Promise<void> {
  const look = await lookOf(context.output.stdout);
  const files = changes.flatMap((change) => [
    look.bold(printablePath(change.path, context.paths.home)),
    ...changedLines(change, look),
  ]);
  await context.output.print(`${[...files, ...(link === null ? [] : [look.bold(link)])].join('\n')}\n`);
}

async function confirm(context: Context, changes: readonly RcChange[]): Promise<void> {
  const prompter = await context.prompter();
  if (!prompter.canAsk) {
    throw new PersonNeededError(
      'setup asks before it changes a file',
      'there is no terminal to ask in',
      'awsh setup --yes',
    );
  }
  const question = `make ${changes.length === 1 ? 'this change' : 'these changes'}`;
  if (!(await prompter.confirm(question))) throw new CancelledError('nothing was changed');
}

/**
 * True for a checkout that is run by its own path, which is the user's choice. Throws AwshError for
 * a link to one.
 */
function requireCopy({ packageFolder, environment, paths }: Context): boolean {
  const installation = installationOf(packageFolder, process.argv[1], environment);
  if (installation !== 'link into a checkout') return installation === 'checkout';
  const folder = printablePath(packageFolder, paths.home);
  throw new AwshError(
    'other',
    'awsh is installed as a link into a checkout',
    `new shells would lose awsh if ${folder} is moved or removed; install a copy instead`,
    shellCommand`cd ${packageFolder} && npm install --global --ignore-scripts "$(npm pack --silent)" && awsh setup`,
  );
}

function isReadOnly({ path }: RcChange): boolean {
  return whyReadOnly(path) !== null;
}

/** Another program makes the file, home-manager for example, and must be configured instead. */
function refuseReadOnly({ paths }: Context, { path }: RcChange, what: string): never {
  const shown = printablePath(path, paths.home);
  throw new AwshError(
    'other',
    `${shown} was not changed`,
    whyReadOnly(path) ?? undefined,
    `${what} what makes ${shown}`,
  );
}

/**
 * The hook's `awsh` function calls the awsh that it was installed with, even if PATH now has a
 * newer one.
 */
function tellOfNewer({ environment, packageFolder, output }: Context): void {
  const found = findProgram('awsh', environment.PATH);
  if (found === null) return;
  const folder = dirname(dirname(realpathSync(found)));
  const [theirs, ours] = [packageVersion(folder), packageVersion(packageFolder)];
  if (theirs === null || ours === null || !isNewer(theirs, ours)) return;
  output.tell(`awsh: PATH has a newer awsh, ${printable(theirs)}; to load that one:`);
  output.tell(`  ${shellWord(join(folder, 'bin/awsh'))} setup`);
}
