import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { allAgentPaths, endAgent } from '../agent/index.ts';
import {
  type CommandInput,
  type Context,
  labelled,
  leaveNothing,
  lookOf,
  tellProblem,
  unlinkPackage,
} from '../cli/index.ts';
import type { Prompter } from '../prompt/index.ts';
import {
  AwshError,
  CancelledError,
  exitStatus,
  explained,
  PersonNeededError,
  printable,
  printablePath,
  refuseWhileLocked,
  removeIfEmpty,
  removeMadeFolders,
  UsageError,
} from '../system/index.ts';
import type { NamedKey } from '../vault/index.ts';
import { survivingAgent } from './agent.ts';
import { numberOf } from './key-list.ts';
import { tellOtherUses } from './other-uses.ts';
import { whyReadOnly, writeRc } from './rc-file.ts';
import {
  allKeys,
  cacheFolders,
  findInstalled,
  type Installed,
  installedRows,
  isOwnFolder,
} from './uninstall-found.ts';
import {
  exportKeys,
  isVaultEmpty,
  openAll,
  prepareKeyRemovals,
  removeEmptyVault,
  removeKeys,
  removeSessions,
} from './uninstall-keys.ts';

/** The parts that the user agreed to. */
interface Agreed {
  readonly exports: boolean;
  readonly removesKeys: boolean;
  readonly startUp: boolean;
  readonly agent: boolean;
  readonly trust: boolean;
  readonly caches: boolean;
  readonly settings: boolean;
}

/**
 * `awsh uninstall`: shows what exists, asks about each part, and only then changes anything.
 * Running it again is safe.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  refuseContradictions(input);
  const found = await findInstalled(context);
  const rows = installedRows(context, found);
  if (rows.length === 0 && !found.hasLink) return nothingLeft(context);
  const look = await lookOf(context.output.stdout);
  const lines = rows.flatMap(([label, text]) => labelled(label, printable(text), 14, look));
  await context.output.print(`${lines.join('\n')}\n`);
  if (input.flag('dry-run')) return 0;
  const agreed = await agree(context, input, found);
  refuseLosses(context, found, agreed);
  const keys = await openVaults(found, agreed);
  const status = await takeOut(context, found, agreed, keys);
  await tellLast(context, found, agreed);
  return status;
}

function refuseContradictions(input: CommandInput): void {
  if (!input.flag('keep-vault') || !(input.flag('export-keys') || input.flag('delete-keys'))) return;
  throw new UsageError(
    '--keep-vault cannot be combined with --export-keys or --delete-keys',
    'the first leaves the keys in the vault, and the others take them out',
    'awsh uninstall --yes --keep-vault',
  );
}

async function agree(context: Context, input: CommandInput, found: Installed): Promise<Agreed> {
  const prompter = await context.prompter();
  const yes = input.flag('yes');
  if (!yes && !prompter.canAsk) {
    throw new PersonNeededError(
      'uninstall asks about each part',
      'there is no terminal to ask in; --yes agrees to all, and keeps the stored keys',
      'awsh uninstall --yes',
    );
  }
  const ask = async (isThere: boolean, question: string) =>
    isThere && (yes || (await prompter.confirm(question, 'yes')));
  const keys = await agreeOnKeys(context, input, found, prompter);
  const keepsVault = allKeys(found.stored).length > 0 && !keys.removesKeys;
  const { startUp, agents, decisions, folders, hasSettings } = found;
  const files = startUp.map(({ path }) => printablePath(path, context.paths.home)).join(' and ');
  return {
    ...keys,
    startUp: await ask(startUp.length > 0 || found.hasLink, `take awsh out of ${files || 'new shells'}`),
    agent: await ask(agents.length > 0, 'end the agent, which forgets its sessions'),
    trust: await ask(decisions > 0, 'forget which .awsprofile files you allowed and denied'),
    caches: await ask(folders.length > 0 || found.sessions > 0, 'remove stored sessions, caches and logs'),
    // The settings locate the vault.
    settings: !(yes && keepsVault) && (await ask(hasSettings, 'remove the settings of awsh')),
  };
}

async function agreeOnKeys(
  { paths }: Context,
  input: CommandInput,
  { stored }: Installed,
  prompter: Prompter,
): Promise<Pick<Agreed, 'exports' | 'removesKeys'>> {
  const keys = allKeys(stored);
  if (keys.length === 0 || input.flag('keep-vault')) return { exports: false, removesKeys: false };
  const exports = input.flag('export-keys');
  if (exports || input.flag('delete-keys') || input.flag('yes'))
    return { exports, removesKeys: exports || input.flag('delete-keys') };
  const file = printablePath(paths.awsCredentials, paths.home);
  const [first] = keys;
  const what =
    first !== undefined && keys.length === 1
      ? `the access key of ${printable(first.profile)}`
      : `all ${numberOf(keys)}`;
  const puts = await prompter.confirm(`write ${what} to ${file}, in plain text`);
  if (!puts) prompter.tell('AWS does not show a secret key again: what you remove here cannot be restored');
  return { exports: puts, removesKeys: await prompter.confirm(`remove ${what} from the vault`) };
}

/** Before any change, refuses what would lose a key. */
function refuseLosses({ paths }: Context, found: Installed, agreed: Agreed): void {
  if (Object.values(agreed).every((isAgreed) => !isAgreed)) throw new CancelledError('nothing was changed');
  if (agreed.exports) refuseWhileLocked(paths);
  if (agreed.removesKeys && found.rotations > 0)
    throw new AwshError(
      'other',
      'nothing was removed: the replacement of an access key has not ended',
      'its new key may be in the vault alone',
      'awsh doctor',
    );
}

/**
 * Opens what the changes need, so that a passphrase or a keychain's password is asked for before
 * the first of them. Returns the keys to export. Throws if the user cancels or a vault stays locked.
 */
async function openVaults(found: Installed, agreed: Agreed): Promise<NamedKey[][]> {
  try {
    const keys = agreed.exports ? await openAll(found.stored) : [];
    if (agreed.removesKeys) await prepareKeyRemovals(found.stored);
    if (agreed.caches) for (const vault of found.vaults) await vault.prepareRemovals([], true);
    return keys;
  } catch (error) {
    throw error instanceof CancelledError ? new CancelledError('nothing was changed') : error;
  }
}

/** Copies keys first and removes state files last, so that after a kill the next run can finish. */
async function takeOut(
  context: Context,
  found: Installed,
  agreed: Agreed,
  keys: NamedKey[][],
): Promise<number> {
  const { paths } = context;
  const places = placesOf(context, found);
  let left = agreed.exports ? await exportKeys(context, keys) : 0;
  let status = 0;
  const step = async (isAgreed: boolean, work: () => Promise<void> | void) => {
    if (!isAgreed) return;
    try {
      await work();
    } catch (thrown) {
      const error = explained(thrown);
      if (error === null) throw thrown;
      await tellProblem(context.output, error.what, error.why, error.next);
      status ||= error.exitStatus;
    }
  };
  await step(agreed.startUp, () => removeBlocks(context, found));
  await step(agreed.agent || agreed.caches, () => endAgents(context, found));
  await step(agreed.removesKeys, async () => {
    left = await removeKeys(context, found.stored, agreed.exports);
  });
  await step(agreed.caches, () => removeSessions(found));
  await step(agreed.trust, () => rmSync(paths.trust, { recursive: true, force: true }));
  await step(agreed.settings, () => {
    rmSync(paths.settings, { force: true });
    removeIfEmpty(dirname(paths.settings));
  });
  const isEmpty = isVaultEmpty(found);
  await step(agreed.caches, () => removeCaches(context, found, isEmpty));
  await step(isEmpty, () => removeEmptyVault(context));
  for (const path of places) if (!existsSync(path)) removeMadeFolders(dirname(path), paths.home);
  return status || (left > 0 ? exitStatus.partial : 0);
}

/** The files and folders of awsh that are there now, and may be removed as a whole. */
function placesOf({ paths }: Context, { startUp }: Installed): string[] {
  const { settings, data, cache, state } = paths;
  const files = startUp.map(({ path }) => path);
  return [...files, dirname(settings), data, cache, state].filter((path) => existsSync(path));
}

function removeBlocks({ paths, output }: Context, { startUp }: Installed): void {
  for (const { path, before, after } of startUp) {
    if (whyReadOnly(path) !== null) continue;
    writeRc(path, before, after);
    const shown = printablePath(path, paths.home);
    output.tell(`awsh: ${after === null ? `removed ${shown}` : `${shown} is as it was before awsh`}`);
  }
  const closed = startUp.find(({ path }) => whyReadOnly(path) !== null)?.path;
  if (closed === undefined) {
    unlinkPackage(paths);
    return;
  }
  const shown = printablePath(closed, paths.home);
  const advice = `remove awsh's block from the program that makes ${shown}`;
  throw new AwshError('other', `${shown} still loads awsh`, whyReadOnly(closed) ?? undefined, advice);
}

async function endAgents({ paths, output }: Context, { agents }: Installed): Promise<void> {
  const left: number[] = [];
  for (const each of allAgentPaths(paths)) left.push(...(await endAgent(each, 'stop')).left);
  if (left.length > 0) throw survivingAgent('the agent does not answer', left);
  output.tell(`awsh: ${agents.length === 0 ? 'no agent is running' : 'the agent has ended'}`);
}

/** The mark of a lock stays as long as there is a key that it protects. */
function removeCaches(context: Context, { sealedSignIns }: Installed, isEmpty: boolean): void {
  leaveNothing();
  for (const folder of cacheFolders(context)) {
    if (!isOwnFolder(folder)) continue;
    for (const name of readdirSync(folder))
      if (isEmpty || name !== 'locked') rmSync(join(folder, name), { recursive: true, force: true });
    removeIfEmpty(folder);
  }
  context.output.tell('awsh: removed stored sessions, caches and logs');
  if (sealedSignIns > 0)
    context.output.tell(
      'awsh: removed the encrypted sign-ins to Identity Center; AWS ends them by itself, because awsh did not revoke them',
    );
}

async function nothingLeft(context: Context): Promise<number> {
  leaveNothing();
  context.output.tell('awsh: nothing of awsh is on this machine but the program itself');
  await tellOtherUses(context);
  tellPackage(context);
  return 0;
}

async function tellLast(context: Context, found: Installed, agreed: Agreed): Promise<void> {
  const { output } = context;
  if (agreed.startUp)
    output.tell(
      'awsh: other terminals that are open keep the hook, and what they have loaded, until they are closed',
    );
  const vault = isVaultEmpty(found) ? '' : 'the vault, ';
  output.tell(
    `awsh: these stay: ${vault}your AWS files, .awsprofile files, sign-ins to Identity Center, and all keys in IAM`,
  );
  await tellOtherUses(context);
  tellPackage(context);
}

function tellPackage({ packageFolder, paths, output }: Context): void {
  const command = /\/node_modules\/awsh$/.test(packageFolder)
    ? 'npm uninstall --global awsh'
    : /\/Cellar\/awsh\//.test(packageFolder)
      ? 'brew uninstall awsh'
      : packageFolder === '/usr/lib/awsh'
        ? 'sudo apt remove awsh'
        : null;
  const folder = printablePath(packageFolder, paths.home);
  output.tell(command === null ? `  the program is in ${folder}` : `  next: ${command}`);
}
