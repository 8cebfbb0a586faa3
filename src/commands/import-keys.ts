import { type CommandInput, type Context, tellProblem } from '../cli/index.ts';
import { type Arrival, compareWithVault, type Found, type FoundKey } from '../moving/index.ts';
import { addProfiles, editableConfig, findProfile, isSectionName, readAwsFiles } from '../profiles/index.ts';
import { type AwshError, printable } from '../system/index.ts';
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

/** What of it was asked for, after everything else was named with its reason. */
async function wantedKeys({ context, input, tally }: ImportRun, found: Found): Promise<readonly FoundKey[]> {
  const names = input.operands;
  const concerns = (name: string) => names.length === 0 || names.includes(name);
  for (const { name, why, advice, next, matters } of found.passedOver) {
    if (!concerns(name)) continue;
    await tellProblem(context.output, `${name} is passed over: ${why}`, advice, next);
    if (matters) tally.left += 1;
  }
  return found.keys.filter(({ profile }) => concerns(profile));
}

/** Stores what is not there yet, each key read back and compared, and leaves what another key has the name of. */
export async function storeFound(run: ImportRun, gathered: Gathered): Promise<void> {
  const { context, input, tally } = run;
  const keys = await wantedKeys(run, gathered.found);
  if (keys.length === 0) return;
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
    return;
  }
  const moved = readable.filter((arrival) => !isKept(arrival));
  const refused = await store(
    run,
    moved.filter(({ state }) => state !== 'stored').map(({ found }) => found),
  );
  if (kept.length > 0) {
    const next = '--overwrite replaces it';
    context.output.tell(`awsh: another key is stored for ${namesOf(kept)}: left alone (${next})`);
  }
  const inVault = moved.map(({ found }) => found).filter(({ profile }) => !refused.has(profile));
  for (const { profile } of inVault) tally.done.add(profile);
  run.afterwards.push(() => gathered.afterwards(inVault));
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
      context.output.tell(`awsh: stored ${numberOf(stored)} (${name}) and read back: ${namesOf(stored)}`);
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
