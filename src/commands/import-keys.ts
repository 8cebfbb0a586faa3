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

type KeyArrival = Arrival<FoundKey>;

/**
 * Stores the keys that are not in the vault yet, each read back and compared. A key whose name another stored key has is left
 * alone. With `asks` the user is asked first; false if the answer is no.
 */
export async function storeFound(run: ImportRun, gathered: Gathered, asks: boolean): Promise<boolean> {
  const { context, input, tally } = run;
  const keys = gathered.found.keys.filter(({ profile }) => isWanted(run, profile));
  if (keys.length === 0) return true;
  const readable = await compareReadable(run, keys);
  const { kept, moved } = withoutKept(run, readable);
  tally.left += kept.length;
  if (input.flag('dry-run')) {
    showArrivals(run, readable, kept);
    return true;
  }
  await tellKept(run, kept, gathered.option);
  const there = moved.filter(({ state }) => state === 'stored').map(({ found }) => found);
  if (there.length > 0) context.output.tell(`awsh: stored already: ${namesOf(there)}`);
  let missing = moved.filter(({ state }) => state !== 'stored');
  if (asks && missing.length > 0) {
    if (!(await mayStore(run, missing, keys.length))) return false;
    // Another awsh may have stored a key of this name while the user was asked.
    const now = withoutKept(run, await compareReadable(run, missing.map(keyOf)));
    tally.left += now.kept.length;
    await tellKept(run, now.kept, gathered.option);
    missing = now.moved;
  }
  const stored = await store(run, missing);
  for (const { profile } of [...there, ...stored]) tally.done.add(profile);
  run.afterwards.push(() => gathered.afterwards([...there, ...stored]));
  return true;
}

const keyOf = ({ found }: KeyArrival) => found;

/** Names the keys of which the backend cannot tell what it has under their names, and leaves them out. */
async function compareReadable(run: ImportRun, keys: readonly FoundKey[]): Promise<KeyArrival[]> {
  if (keys.length === 0) return [];
  const arrivals = await compareWithVault(keys, await run.context.vault());
  for (const { found, fault } of arrivals) if (fault !== null) await tellRefused(run, found.profile, fault);
  return arrivals.filter(({ fault }) => fault === null);
}

/** A key that this very import has stored is not replaced by the next place's, even with `--overwrite`. */
function withoutKept(
  { input, tally }: ImportRun,
  arrivals: readonly KeyArrival[],
): { kept: KeyArrival[]; moved: KeyArrival[] } {
  const isKept = ({ state, found }: KeyArrival) =>
    state === 'other' && (!input.flag('overwrite') || tally.done.has(found.profile));
  return { kept: arrivals.filter(isKept), moved: arrivals.filter((arrival) => !isKept(arrival)) };
}

async function mayStore(
  { context }: ImportRun,
  missing: readonly KeyArrival[],
  found: number,
): Promise<boolean> {
  const replaced = missing.filter(({ state }) => state === 'other');
  if (replaced.length > 0) context.output.tell(`awsh: --overwrite replaces ${storedWords(replaced)}`);
  const which = missing.length === found ? '' : ` (${namesOf(missing.map(keyOf))})`;
  return (await context.prompter()).confirm(`store ${numberOf(missing)}${which} in the vault`);
}

/** The key that is stored under the name now: `****WXYZ`. */
function idOf({ there }: KeyArrival): string {
  return there === null ? 'a key that cannot be read' : `****${there.accessKeyId.slice(-4)}`;
}

/** True if the stored key has the same id: one of the two secrets is wrong. */
function hasSameId({ there, found }: KeyArrival): boolean {
  return there?.accessKeyId === found.key.accessKeyId;
}

/** Why these keys are not imported: what is stored, and what was found. */
function keptWords(arrivals: readonly KeyArrival[]): string {
  const lines = arrivals.slice(0, 10).map((arrival) => {
    const found = `****${arrival.found.key.accessKeyId.slice(-4)}`;
    const name = printable(arrival.found.profile);
    return hasSameId(arrival)
      ? `the same key id ${found} is stored for ${name} with another secret`
      : `another key is stored for ${name}: ${idOf(arrival)}, and ${found} was found`;
  });
  const more = arrivals.length - lines.length;
  return lines.join('; ') + (more > 0 ? ` and ${more} more` : '');
}

/** `****WXYZ of work, ****ABCD of dev`. */
function storedWords(arrivals: readonly KeyArrival[]): string {
  const shown = arrivals.slice(0, 10).map((it) => `${idOf(it)} of ${printable(it.found.profile)}`);
  const more = arrivals.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

async function tellKept(
  { context }: ImportRun,
  arrivals: readonly KeyArrival[],
  option: string,
): Promise<void> {
  if (arrivals.length === 0) return;
  const kept = arrivals.map(keyOf);
  const names = kept.map(({ profile }) => shellWord(profile));
  const dashes = names.some((name) => name.startsWith('-')) ? ['--'] : [];
  await tellProblem(
    context.output,
    `not imported: ${namesOf(kept)}`,
    `${keptWords(arrivals)}; --overwrite replaces ${kept.length === 1 ? 'it' : 'them'}`,
    ['awsh import', option, '--overwrite', ...dashes, ...names].filter(Boolean).join(' '),
  );
}

function showArrivals(
  { rows, tally }: ImportRun,
  arrivals: readonly KeyArrival[],
  kept: readonly KeyArrival[],
): void {
  for (const arrival of arrivals) {
    const { found, state } = arrival;
    const isKept = kept.includes(arrival);
    if (!isKept) tally.done.add(found.profile);
    const words = isKept
      ? hasSameId(arrival)
        ? 'left alone: stored with another secret'
        : `left alone: ${idOf(arrival)} is stored`
      : {
          new: 'would be stored',
          stored: 'is stored already',
          other: `would replace ${idOf(arrival)}`,
        }[state];
    rows.push([found.profile, `****${found.key.accessKeyId.slice(-4)}`, found.place, words]);
  }
}

/** Returns the keys that are in the vault now. */
async function store(run: ImportRun, arrivals: readonly KeyArrival[]): Promise<FoundKey[]> {
  const { context } = run;
  const keys = arrivals.map(keyOf);
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
  const replaced = arrivals.filter(({ state, found }) => state === 'other' && !refused.has(found.profile));
  if (replaced.length > 0) context.output.tell(`awsh: in place of ${storedWords(replaced)}`);
  return keys.filter(({ profile }) => !refused.has(profile));
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
