import { type CommandInput, type Context, tellProblem } from '../cli/index.ts';
import { type Arrival, asShown, compareWithVault, type Found, type FoundKey } from '../moving/index.ts';
import {
  type AwshError,
  CancelledError,
  explained,
  operandWords,
  PersonNeededError,
  printable,
} from '../system/index.ts';
import { KeyChangedError } from '../vault/index.ts';
import type { Gathered } from './import-source.ts';
import type { ImportTally } from './import-tally.ts';
import { namesOf, numberOf } from './key-list.ts';

/** One import, from one place or several. */
export interface ImportRun {
  readonly context: Context;
  readonly input: CommandInput;
  readonly tally: ImportTally;
  /** The rows that `--dry-run` shows at the end. */
  readonly rows: string[][];
  /** The clean-up where the keys were found, run after all of them were stored. */
  readonly afterwards: (() => Promise<number>)[];
}

function isWanted({ input }: ImportRun, name: string): boolean {
  return input.operands.length === 0 || input.operands.some((it) => it === name || printable(it) === name);
}

/** Names every requested key that cannot be imported, with the reason. */
export async function tellPassedOver(run: ImportRun, { passedOver }: Found): Promise<void> {
  const { context, tally } = run;
  for (const { name, why, advice, next, matters, isPart } of passedOver) {
    if (!isPart && !isWanted(run, name)) continue;
    await tellProblem(context.output, `${name} was skipped: ${why}`, advice, next);
    if (matters) tally.passedOver += 1;
  }
}

type KeyArrival = Arrival<FoundKey>;

/**
 * Stores the keys that are not in the vault yet, and reads each back to compare. A key is left
 * alone if another key is stored under its name. With `asks` the user is asked first; returns false
 * if the answer is no.
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
  if (there.length > 0) context.output.tell(`awsh: already stored: ${namesOf(there)}`);
  for (const { profile } of there) tally.done.add(profile);
  const done = [...there];
  let missing = moved.filter(({ state }) => state !== 'stored');
  while (missing.length > 0) {
    if (asks && !(await mayStore(run, missing, keys.length))) {
      if (done.length === 0) return false;
      tally.left += missing.length;
      break;
    }
    const { stored, changed } = await store(run, missing);
    done.push(...stored);
    // Another awsh process has stored keys under these names since they were compared.
    const now = withoutKept(run, await compareReadable(run, changed));
    tally.left += now.kept.length;
    await tellKept(run, now.kept, gathered.option);
    missing = now.moved;
  }
  run.afterwards.push(() => gathered.afterwards(done));
  return true;
}

const keyOf = ({ found }: KeyArrival) => found;

/**
 * Names the keys for which the backend cannot read what is stored under their names, and leaves
 * them out.
 */
async function compareReadable(run: ImportRun, keys: readonly FoundKey[]): Promise<KeyArrival[]> {
  if (keys.length === 0) return [];
  const arrivals = await compareWithVault(keys, await run.context.vault());
  for (const { found, fault } of arrivals) if (fault !== null) await tellRefused(run, found.profile, fault);
  return arrivals.filter(({ fault }) => fault === null);
}

/**
 * A key stored by this import is not replaced by a key from the next place, even with
 * `--overwrite`.
 */
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

/** The key that is now stored under the name: `****WXYZ`. */
function idOf({ there }: KeyArrival): string {
  return there === null ? 'a key that cannot be read' : `****${there.accessKeyId.slice(-4)}`;
}

/** True if the stored key has the same id: then one of the two secrets is wrong. */
function hasSameId({ there, found }: KeyArrival): boolean {
  return there?.accessKeyId === found.key.accessKeyId;
}

/** Why these keys are not imported: the stored keys and the found ones. */
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
  const names = operandWords(kept.map(({ profile }) => profile));
  await tellProblem(
    context.output,
    `not imported: ${namesOf(kept)}`,
    `${keptWords(arrivals)}; --overwrite replaces ${kept.length === 1 ? 'it' : 'them'}`,
    ['awsh import', option, '--overwrite', names].filter(Boolean).join(' '),
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
          stored: 'is already stored',
          other: `would replace ${idOf(arrival)}`,
        }[state];
    rows.push([found.profile, `****${found.key.accessKeyId.slice(-4)}`, found.place, words]);
  }
}

interface StoreResult {
  /** The keys that are now in the vault. */
  readonly stored: readonly FoundKey[];
  /** The keys whose name now has another key than the one that was shown. */
  readonly changed: readonly FoundKey[];
}

/** Stores these keys, each only if the vault still holds what was found when it was compared. */
async function store(run: ImportRun, arrivals: readonly KeyArrival[]): Promise<StoreResult> {
  const { context, tally } = run;
  const keys = arrivals.map(keyOf);
  const vault = await context.vault();
  const stored = new Set<string>();
  const changed = new Set<string>();
  const refused = new Map<string, AwshError>();
  let seen = 0;
  const progress = () => {
    seen += 1;
    const isLast = seen === keys.length;
    context.output.passing(isLast ? null : `awsh: stored ${seen} of ${numberOf(keys)}`);
  };
  let failure: unknown = null;
  try {
    await vault.storeAccessKeys(
      arrivals.map(asShown),
      ({ profile }) => {
        stored.add(profile);
        tally.done.add(profile);
        progress();
      },
      ({ profile }, error) => {
        if (error instanceof KeyChangedError) changed.add(profile);
        else refused.set(profile, error);
        progress();
      },
    );
  } catch (error) {
    failure = error;
  }
  const isStored = ({ profile }: FoundKey) => stored.has(profile);
  if (stored.size > 0) {
    const { name } = await vault.backend();
    const shown = keys.filter(isStored);
    context.output.tell(`awsh: stored ${numberOf(shown)} (${name} backend, verified): ${namesOf(shown)}`);
    const replaced = arrivals.filter(({ state, found }) => state === 'other' && isStored(found));
    if (replaced.length > 0) context.output.tell(`awsh: in place of ${storedWords(replaced)}`);
    const removing = vault.removeSessions(({ profile }) => stored.has(profile));
    await removing.catch((error: unknown) => {
      failure ??= error;
    });
  }
  for (const [profile, error] of refused) await tellRefused(run, profile, error);
  const cutOff = keys.filter(({ profile }) => ![stored, changed, refused].some((it) => it.has(profile)));
  if (failure !== null) await tellCutOff(run, failure, cutOff);
  return { stored: keys.filter(isStored), changed: keys.filter(({ profile }) => changed.has(profile)) };
}

/**
 * The backend failed completely. Keys stored before that stay, so the exit status is that of a
 * partial import.
 */
async function tellCutOff(
  { context, tally }: ImportRun,
  thrown: unknown,
  missing: readonly FoundKey[],
): Promise<void> {
  const error = explained(thrown);
  const isAnswer = error instanceof CancelledError || error instanceof PersonNeededError;
  if (error === null || isAnswer || tally.done.size === 0) throw thrown;
  tally.left += missing.length;
  tally.failure ??= error;
  const what = missing.length === 0 ? '' : `not stored: ${namesOf(missing)}: `;
  const why = error.why?.replace(/^nothing was changed; /, '');
  await tellProblem(context.output, what + error.what, why, error.next);
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
