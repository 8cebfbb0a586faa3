import { type CommandInput, type Context, lookOf, tableText } from '../cli/index.ts';
import { type Arrival, compareWithVault, type FoundKey } from '../moving/index.ts';
import {
  addProfiles,
  editableConfig,
  findProfile,
  isSectionName,
  nearestNames,
  readAwsFiles,
} from '../profiles/index.ts';
import { CancelledError, NoCredentialsError, printable, UsageError } from '../system/index.ts';
import type { NamedKey } from '../vault/index.ts';
import { type Gathered, gatherKeys } from './import-source.ts';
import { namesOf, numberOf } from './key-list.ts';

/** `awsh import`: access keys into the vault, from plain text, a console CSV or aws-vault. */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const names = input.operands;
  if (input.flag('all') && names.length > 0) throw new UsageError('--all takes no profile’s name');
  const gathered = await gatherKeys(context, input);
  const keys = wantedKeys(context, gathered, names);
  if (keys.length === 0) return 0;

  const vault = await context.vault();
  const arrivals = await compareWithVault(keys, vault);
  if (input.flag('dry-run')) {
    await showPlan(context, arrivals, input.flag('overwrite'));
    return 0;
  }
  if (!input.flag('all') && names.length === 0) await confirmAll(context, keys);
  const isKept = ({ state }: Arrival<FoundKey>) => state === 'other' && !input.flag('overwrite');
  const kept = arrivals.filter(isKept);
  const moved = arrivals.filter((arrival) => !isKept(arrival));
  await store(
    context,
    moved.filter(({ state }) => state !== 'stored').map(({ found }) => found),
  );
  const inVault = moved.map(({ found }) => found);
  if (kept.length > 0) {
    const left = namesOf(kept.map(({ found }) => found));
    context.output.tell(`awsh: another key is stored for ${left}: left alone (--overwrite replaces it)`);
  }
  try {
    await gathered.afterwards(inVault);
  } finally {
    if (!input.flag('no-add-config')) await addMissingProfiles(context, inVault);
    await context.refreshNames();
  }
  return kept.length > 0 ? 1 : 0;
}

/** Those that were asked for; a name that is not there is an error. */
function wantedKeys(context: Context, { found }: Gathered, names: readonly string[]): readonly FoundKey[] {
  const concerns = (name: string) => names.length === 0 || names.includes(name);
  for (const { name, why } of found.passedOver.filter(({ name }) => concerns(name))) {
    context.output.tell(`awsh: ${name} is passed over: ${why}`);
  }
  const all = found.keys.map(({ profile }) => profile);
  const missing = names.find((name) => !all.includes(name));
  if (missing !== undefined) {
    const near = nearestNames(missing, all).map(printable);
    throw new NoCredentialsError(
      `no key to import was found for ${JSON.stringify(printable(missing))}`,
      near.length > 0 ? `the nearest names are: ${near.join(', ')}` : undefined,
      'awsh import --dry-run',
    );
  }
  if (all.length === 0) context.output.tell('awsh: there is no access key to import');
  return found.keys.filter(({ profile }) => concerns(profile));
}

async function showPlan(
  context: Context,
  arrivals: readonly Arrival<FoundKey>[],
  overwrite: boolean,
): Promise<void> {
  const words = {
    new: 'would be stored',
    stored: 'is stored already',
    other: overwrite ? 'would replace another key' : 'left alone: another key is stored',
  };
  const rows = arrivals.map(({ found, state }) => [
    found.profile,
    `****${found.key.accessKeyId.slice(-4)}`,
    found.place,
    words[state],
  ]);
  await context.output.print(
    tableText(['PROFILE', 'KEY', 'FOUND IN', 'STATE'], rows, await lookOf(context.output.stdout)),
  );
}

async function confirmAll(context: Context, keys: readonly FoundKey[]): Promise<void> {
  const prompter = await context.prompter();
  if (!prompter.canAsk) {
    throw new UsageError(
      'import needs the names of the profiles, or --all',
      undefined,
      'awsh import --dry-run',
    );
  }
  prompter.tell(`found ${namesOf(keys)}`);
  if (!(await prompter.confirm(`store ${numberOf(keys)} in the vault`))) {
    throw new CancelledError('nothing was changed');
  }
}

async function store(context: Context, keys: readonly FoundKey[]): Promise<void> {
  const vault = await context.vault();
  const stored: NamedKey[] = [];
  try {
    await vault.storeAccessKeys(keys, (key) => {
      stored.push(key);
      const isLast = stored.length === keys.length;
      context.output.passing(isLast ? null : `awsh: stored ${stored.length} of ${numberOf(keys)}`);
    });
  } finally {
    const { name } = await vault.backend();
    if (stored.length > 0) {
      const names = new Set(stored.map(({ profile }) => profile));
      await vault.removeSessions(({ profile }) => names.has(profile));
      context.output.tell(`awsh: stored ${numberOf(stored)} (${name}) and read back: ${namesOf(stored)}`);
    }
  }
}

/** A key whose profile is in no AWS file would be found by nobody. */
async function addMissingProfiles(context: Context, keys: readonly FoundKey[]): Promise<void> {
  const files = readAwsFiles(context.paths);
  const missing = keys
    .map(({ profile }) => profile)
    .filter((name) => isSectionName(name) && findProfile(files, name) === null);
  if (missing.length > 0) await addProfiles(editableConfig(context.paths), missing);
}
