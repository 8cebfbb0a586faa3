import { type CommandInput, type Context, tellProblem } from '../cli/index.ts';
import { type Arrival, compareWithVault, type Found, type FoundKey } from '../moving/index.ts';
import { addProfiles, editableConfig, findProfile, isSectionName, readAwsFiles } from '../profiles/index.ts';
import { type AwshError, printable, shellWord } from '../system/index.ts';
import type { NamedKey } from '../vault/index.ts';
import type { Gathered } from './import-source.ts';
import type { ImportTally } from './import-tally.ts';
import { namesOf, numberOf } from './key-list.ts';

/** One import, of one place or of several. */
export interface ImportRun {
  readonly context: Context;
  readonly input: CommandInput;
  readonly tally: ImportTally;
  /** The rows that `--dry-run` shows in the end. */
  readonly rows: string[][];
  /** What is to be done where the keys were found, after all of them were stored. */
  readonly afterwards: (() => Promise<number>)[];
}

function isWanted({ input }: ImportRun, name: string): boolean {
  return input.operands.length === 0 || input.operands.some((it) => it === name || printable(it) === name);
}

/** Names every key that cannot be imported and was asked for, with its reason. */
export async function tellPassedOver(run: ImportRun, { passedOver }: Found): Promise<void> {
  const { context, tally } = run;
  for (const { name, why, advice, next, matters } of passedOver) {
    if (!isWanted(run, name)) continue;
    await tellProblem(context.output, `${name} is passed over: ${why}`, advice, next);
    if (matters) tally.passedOver += 1;
  }
}

/**
 * Stores the keys that are not in the vault yet, each read back and compared. A key whose name another stored key has is left
 * alone. With `asks` the user is asked first; false if the answer is no.
 */
export async function storeFound(run: ImportRun, gathered: Gathered, asks: boolean): Promise<boolean> {
  const { context, input, tally } = run;
  const keys = gathered.found.keys.filter(({ profile }) => isWanted(run, profile));
  if (keys.length === 0) return true;
  const arrivals = await compareWithVault(keys, await context.vault());
  const faulty = arrivals.filter(({ fault }) => fault !== null);
  for (const { found, fault } of faulty) await tellRefused(run, found.profile, fault);
  const readable = arrivals.filter(({ fault }) => fault === null);
  // A key that this very import has stored is not replaced by the next place's.
  const isKept = ({ state, found }: Arrival<FoundKey>) =>
    state === 'other' && (!input.flag('overwrite') || tally.done.has(found.profile));
  const kept = readable.filter(isKept).map(({ found }) => found);
  tally.left += kept.length;
  if (input.flag('dry-run')) {
    showArrivals(run, readable, isKept);
    return true;
  }
  const moved = readable.filter((arrival) => !isKept(arrival));
  if (kept.length > 0) await tellKept(run, kept, gathered.option);
  const there = moved.filter(({ state }) => state === 'stored').map(({ found }) => found);
  if (there.length > 0) context.output.tell(`awsh: stored already: ${namesOf(there)}`);
  const missing = moved.filter(({ state }) => state !== 'stored').map(({ found }) => found);
  if (asks && missing.length > 0) {
    const which = missing.length === keys.length ? '' : ` (${namesOf(missing)})`;
    const question = `store ${numberOf(missing)}${which} in the vault`;
    if (!(await (await context.prompter()).confirm(question))) return false;
  }
  const refused = await store(run, missing);
  const inVault = moved.map(({ found }) => found).filter(({ profile }) => !refused.has(profile));
  for (const { profile } of inVault) tally.done.add(profile);
  run.afterwards.push(() => gathered.afterwards(inVault));
  return true;
}

async function tellKept({ context }: ImportRun, kept: readonly FoundKey[], option: string): Promise<void> {
  const names = kept.map(({ profile }) => shellWord(profile));
  const dashes = names.some((name) => name.startsWith('-')) ? ['--'] : [];
  await tellProblem(
    context.output,
    `not imported: ${namesOf(kept)}`,
    `another key is stored for ${namesOf(kept)}; --overwrite replaces it`,
    ['awsh import', option, '--overwrite', ...dashes, ...names].filter(Boolean).join(' '),
  );
}

function showArrivals(
  { rows, tally }: ImportRun,
  arrivals: readonly Arrival<FoundKey>[],
  isKept: (arrival: Arrival<FoundKey>) => boolean,
): void {
  for (const arrival of arrivals) {
    const { found, state } = arrival;
    if (!isKept(arrival)) tally.done.add(found.profile);
    const words = isKept(arrival)
      ? 'left alone: another key is stored'
      : { new: 'would be stored', stored: 'is stored already', other: 'would replace another key' }[state];
    rows.push([found.profile, `****${found.key.accessKeyId.slice(-4)}`, found.place, words]);
  }
}

/** Returns the profiles whose key the backend refused. */
async function store(run: ImportRun, keys: readonly FoundKey[]): Promise<Map<string, AwshError>> {
  const { context } = run;
  const vault = await context.vault();
  const stored: NamedKey[] = [];
  const refused = new Map<string, AwshError>();
  let seen = 0;
  const progress = () => {
    seen += 1;
    const isLast = seen === keys.length;
    context.output.passing(isLast ? null : `awsh: stored ${seen} of ${numberOf(keys)}`);
  };
  try {
    await vault.storeAccessKeys(
      keys,
      (key) => {
        stored.push(key);
        progress();
      },
      ({ profile }, error) => {
        refused.set(profile, error);
        progress();
      },
    );
  } finally {
    const { name } = await vault.backend();
    if (stored.length > 0) {
      const names = new Set(stored.map(({ profile }) => profile));
      await vault.removeSessions(({ profile }) => names.has(profile));
      context.output.tell(`awsh: stored ${numberOf(stored)} (${name} backend, verified): ${namesOf(stored)}`);
    }
  }
  for (const [profile, error] of refused) await tellRefused(run, profile, error);
  return refused;
}

async function tellRefused(
  { context, tally }: ImportRun,
  profile: string,
  error: AwshError | null,
): Promise<void> {
  tally.left += 1;
  tally.failure ??= error;
  const what = `${printable(profile)} was not stored: ${error?.what ?? ''}`;
  await tellProblem(context.output, what, error?.why, error?.next);
}

/** A key whose profile is in no AWS file would be found by nobody. */
export async function addMissingProfiles({ context, tally }: ImportRun): Promise<void> {
  const files = readAwsFiles(context.paths);
  const missing = [...tally.done].filter((name) => isSectionName(name) && findProfile(files, name) === null);
  if (missing.length > 0) await addProfiles(editableConfig(context.paths), missing);
}
