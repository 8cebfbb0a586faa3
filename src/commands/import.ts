import {
  type CommandInput,
  type Context,
  lookOf,
  tableText,
  tellProblem,
  withGivenOptions,
} from '../cli/index.ts';
import { nearestNames } from '../profiles/index.ts';
import {
  AwshError,
  CancelledError,
  explained,
  NoCredentialsError,
  operandWords,
  PersonNeededError,
  printable,
  similarNamesText,
  UsageError,
} from '../system/index.ts';
import { type ImportRun, storeFound, tellPassedOver } from './import-keys.ts';
import { findKeyPlaces, type KeyPlace } from './import-places.ts';
import { addMissingProfiles, tellProfilesToAdd } from './import-profiles.ts';
import { type Gathered, gatherKeys, givenSource } from './import-source.ts';
import { ImportTally } from './import-tally.ts';
import { namesOf, numberOf } from './key-list.ts';

/**
 * `awsh import`: imports access keys into the vault from plain text, a console CSV or aws-vault.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  if (input.flag('all') && input.operands.length > 0)
    throw new UsageError(
      '--all cannot be combined with names of profiles',
      'it imports every key that is found; without it, only the keys of these profiles are imported',
      `awsh import ${operandWords(input.operands)}`,
    );
  const source = givenSource(input);
  // An unsupported backend is refused before asking for aws-vault's passphrase.
  if (source?.startsWith('aws-vault')) await context.vault();
  const run: ImportRun = { context, input, tally: new ImportTally(), rows: [], afterwards: [] };
  if (source === null) await importFromPlaces(run, await findKeyPlaces(context, input));
  else await importFromSource(run, await gatherKeys(context, input, source));
  return finish(run);
}

async function importFromSource(run: ImportRun, gathered: Gathered): Promise<void> {
  const { context, input } = run;
  const { keys, passedOver } = gathered.found;
  const names = [...keys.map(({ profile }) => profile), ...passedOver.map(({ name }) => name)];
  // A name that was not found may be in the part that could not be read.
  if (!passedOver.some(({ isPart }) => isPart)) await settleUnknownNames(run, names, gathered.option);
  if (isSatisfied(input, run.tally)) return;
  if (names.length === 0) context.output.tell('awsh: there is no access key to import');
  await tellPassedOver(run, gathered.found);
  const isMeant = input.flag('all') || input.operands.length > 0 || input.flag('dry-run');
  if (!isMeant && keys.length > 0) {
    if (!(await context.prompter()).canAsk) throw needsNames();
    context.output.tell(`awsh: found ${numberOf(keys)}: ${namesOf(keys)}`);
  }
  if (!(await storeFound(run, gathered, !isMeant))) throw new CancelledError('nothing was changed');
}

/**
 * Imports from each place in turn, plain text first. With `--all` or names, asks only for
 * passphrases.
 */
async function importFromPlaces(run: ImportRun, places: readonly KeyPlace[]): Promise<void> {
  const { context, input, tally } = run;
  const plain = await gatherPlainText(run, places[0]);
  const passedOver = (plain?.found.passedOver ?? []).map(({ name }) => name);
  const known = [...places.flatMap(({ profiles }) => profiles), ...passedOver];
  if (tally.failure === null && !places.some(({ isLocked }) => isLocked))
    await settleUnknownNames(run, known);
  if (isSatisfied(input, tally)) return;
  const filled = places.filter(({ profiles, isLocked }) => isLocked || profiles.length > 0);
  if (known.length === 0 && filled.length === 0) {
    if (tally.failure !== null) return;
    context.output.tell('awsh: there is no access key to import');
    return;
  }
  const isMeant = input.flag('all') || input.operands.length > 0 || input.flag('dry-run');
  for (const place of filled) tellPlace(context, place);
  if (plain !== null) await tellPassedOver(run, plain.found);
  if (!isMeant && filled.length > 0 && !(await context.prompter()).canAsk) throw needsNames();
  let declined = 0;
  for (const place of filled) {
    if (isSatisfied(input, tally)) break;
    if (!concerns(input, place)) continue;
    if (!(await importPlace(run, place, !isMeant))) declined += 1;
  }
  if (filled.length > 0 && declined === filled.length) throw new CancelledError('nothing was changed');
}

/** Null if an AWS file cannot be read. The error names it, and the other places follow. */
async function gatherPlainText(run: ImportRun, place: KeyPlace | undefined): Promise<Gathered | null> {
  try {
    return (await place?.gather()) ?? null;
  } catch (thrown) {
    const error = explained(thrown);
    if (error === null || error instanceof CancelledError) throw thrown;
    run.tally.failure ??= error;
    await tellProblem(run.context.output, error.what, error.why, error.next);
    return null;
  }
}

function tellPlace({ output }: Context, { title, profiles, isLocked, source }: KeyPlace): void {
  // The content of a password store is unknown before it is opened.
  const number =
    source === 'aws-vault-pass'
      ? `${profiles.length} ${profiles.length === 1 ? 'entry' : 'entries'}`
      : numberOf(profiles);
  const what = isLocked ? 'a locked store' : `${number}: ${namesOf(asNamed({ profiles }))}`;
  output.tell(
    `awsh: found ${what} (${title})${source === 'plain-text' ? '' : `; only these: ${withGivenOptions(`awsh import --${source}`)}`}`,
  );
}

const asNamed = ({ profiles }: Pick<KeyPlace, 'profiles'>) => profiles.map((profile) => ({ profile }));

/** True if every requested name was found in an earlier place. */
function isSatisfied(input: CommandInput, { done }: ImportTally): boolean {
  return input.operands.length > 0 && input.operands.every((name) => done.has(name));
}

function concerns(input: CommandInput, { profiles, isLocked }: KeyPlace): boolean {
  return isLocked || input.operands.length === 0 || input.operands.some((name) => profiles.includes(name));
}

/**
 * A place that cannot be opened is reported, and the others follow. With `asks` the user is asked
 * first; returns false if the answer is no.
 */
async function importPlace(run: ImportRun, place: KeyPlace, asks: boolean): Promise<boolean> {
  const { context, tally } = run;
  const isPlain = place.source === 'plain-text';
  // Which keys of a store are missing in the vault is known only after the store is opened.
  const question = `import from ${place.title}`;
  if (asks && !isPlain && !(await (await context.prompter()).confirm(question))) return false;
  let gathered: Gathered;
  try {
    gathered = await place.gather();
  } catch (error) {
    if (!(error instanceof AwshError) || error instanceof CancelledError) throw error;
    tally.failure ??= error;
    await tellProblem(context.output, `${place.title}: ${error.what}`, error.why, error.next);
    return true;
  }
  if (!isPlain) await tellPassedOver(run, gathered.found);
  return storeFound(run, gathered, asks && isPlain);
}

/**
 * The clean-up of the sources comes last: a question there must not keep other keys out of the
 * vault.
 */
async function finish(run: ImportRun): Promise<number> {
  const { context, input, tally, rows, afterwards } = run;
  if (input.flag('dry-run')) {
    if (rows.length > 0) {
      const look = await lookOf(context.output.stdout);
      await context.output.print(tableText(['PROFILE', 'KEY', 'FOUND IN', 'STATE'], rows, look));
    }
    tellProfilesToAdd(run);
    return tally.status;
  }
  try {
    for (const step of afterwards)
      tally.left += await step().catch((error) => tellNotTakenOut(context, error));
  } finally {
    if (!input.flag('no-add-config') && tally.done.size > 0)
      tally.left += await addMissingProfiles(run).catch((error) => tellNotTakenOut(context, error));
    if (tally.done.size > 0) await refreshNames(run);
  }
  return tally.status;
}

/** An AWS file that cannot be read was reported before. */
async function refreshNames({ context, tally }: ImportRun): Promise<void> {
  try {
    await context.refreshNames();
  } catch (error) {
    if (tally.failure === null) throw error;
  }
}

/** A file could not be changed: its keys are in the vault and still in the file. */
async function tellNotTakenOut({ output }: Context, thrown: unknown): Promise<number> {
  const error = explained(thrown);
  if (error === null || error instanceof CancelledError || error instanceof PersonNeededError) throw thrown;
  // The keys were already stored.
  await tellProblem(output, error.what, error.why?.replace(/^nothing was changed; /, ''), error.next);
  return 1;
}

function needsNames(): UsageError {
  return new UsageError(
    'import needs the names of the profiles, or --all',
    undefined,
    'awsh import --dry-run',
  );
}

/**
 * Reports requested names that were not found. A name whose key is in the vault needs nothing. If
 * no other name is left, this is an error; otherwise each is reported and the rest are imported.
 * With `option`, only its source was read.
 */
async function settleUnknownNames(run: ImportRun, known: readonly string[], option = ''): Promise<void> {
  const { context, input, tally } = run;
  const missing = input.operands.filter((name) => !known.includes(name) && !known.includes(printable(name)));
  if (missing.length === 0) return;
  const inVault = new Set((await context.vault()).keys().map(({ profile }) => profile));
  const there = missing.filter((name) => inVault.has(name));
  if (there.length > 0)
    context.output.tell(`awsh: already stored: ${namesOf(there.map((profile) => ({ profile })))}`);
  for (const name of there) tally.done.add(name);
  const [first, ...others] = missing.filter((name) => !inVault.has(name));
  if (first === undefined) return;
  if (others.length + 1 === input.operands.length) throw notFound(input.operands, first, known, option);
  for (const name of [first, ...others]) {
    const { what, why, next } = notFound([name], name, known, option);
    await tellProblem(context.output, what, why, next);
    tally.left += 1;
  }
}

function notFound(
  asked: readonly string[],
  missing: string,
  known: readonly string[],
  option: string,
): NoCredentialsError {
  const near = nearestNames(missing, known).map(printable);
  const command = ['awsh import', option].filter(Boolean).join(' ');
  const names = namesOf(known.map((profile) => ({ profile })));
  return new NoCredentialsError(
    `no key to import was found for ${JSON.stringify(printable(missing))}`,
    near.length > 0 ? similarNamesText(near) : known.length > 0 ? `keys were found for ${names}` : undefined,
    near[0] === undefined
      ? `${command} --dry-run`
      : `${command} ${operandWords(asked.map((name) => (name === missing ? (near[0] ?? name) : name)))}`,
  );
}
