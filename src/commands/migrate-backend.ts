import { type CommandInput, type Context, tableText, tellProblem, withGivenOptions } from '../cli/index.ts';
import { migrateKeys, planMigration } from '../moving/index.ts';
import { profileNames } from '../profiles/index.ts';
import { unfinishedRotations } from '../rotation/index.ts';
import { AwshError, exitStatus, operandWord, printable, profileOption, UsageError } from '../system/index.ts';
import {
  type BackendName,
  backendNames,
  type KeyRecord,
  type NamedKey,
  parseBackendName,
  type Vault,
} from '../vault/index.ts';
import { namesOf, numberOf } from './key-list.ts';

/**
 * `awsh migrate-backend --from A --to B`: copies access keys, verifies each, and offers to remove
 * the old ones.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const { from, to } = await givenBackends(context, input);
  if (from === to) throw new UsageError('--from and --to name the same backend', 'there is nothing to copy');
  const source = await context.vaultIn(from);
  const target = await context.vaultIn(to);
  const profile = input.value('profile');
  // The index may have been lost, so both backends are searched for unlisted keys.
  const names = [...profileNames(await context.awsFiles()), ...(profile === undefined ? [] : [profile])];
  for (const vault of [source, target]) await vault.findUnknownKeys(names);
  const { fresh, there } = planMigration(source, target, profile);
  refuseWhileRotating(context, [...fresh, ...there], from);
  const overwrites = input.flag('overwrite');
  if (input.flag('dry-run')) {
    const inTarget = new Map(target.keys().map(({ profile: name, accessKeyId }) => [name, accessKeyId]));
    const rows = [...fresh, ...there].map((key) => [
      key.profile,
      shortId(key),
      plannedWords(key, inTarget.get(key.profile), to, overwrites),
    ]);
    await context.output.print(tableText(['PROFILE', 'KEY', 'STATE'], rows));
    return 0;
  }
  const moved = await migrateKeys(source, target, [...fresh, ...there], overwrites);
  const { copied, same, kept, replaced, failed } = moved;
  if (copied.length > 0) {
    context.output.tell(`awsh: copied ${numberOf(copied)} to ${to} and read back: ${namesOf(copied)}`);
  }
  for (const { found, there: old } of replaced) {
    context.output.tell(
      `awsh: ${printable(found.profile)}: ${shortId(found.key)} is in ${to} in place of ${shortId(old)}`,
    );
  }
  if (same.length > 0) context.output.tell(`awsh: ${to} has the same key already: ${namesOf(same)}`);
  for (const { found, there: other } of kept) {
    await tellProblem(
      context.output,
      `${printable(found.profile)} stays in ${from}: ${shortId(found.key)} was not copied`,
      `${to} has another key of this name, ${shortId(other)}; --overwrite replaces it`,
      migrateCommand(input, { from, to }, found.profile),
    );
  }
  for (const { profile, error } of failed) {
    await tellProblem(
      context.output,
      `${printable(profile)} stays in ${from}: ${error.what}`,
      error.why,
      error.next,
    );
  }
  const changed = await removeFromSource(context, input, {
    source,
    target,
    copied: [...copied, ...same],
    from,
  });
  await settle(context, source, target, to);
  if (kept.length + failed.length + changed === 0) return 0;
  return copied.length + same.length > 0
    ? exitStatus.partial
    : (failed[0]?.error.exitStatus ?? exitStatus.other);
}

/** `****WXYZ`. */
function shortId(key: Pick<KeyRecord, 'accessKeyId'> | null): string {
  return key === null ? 'a key that cannot be read' : `****${key.accessKeyId.slice(-4)}`;
}

function plannedWords(key: KeyRecord, other: string | undefined, to: string, overwrites: boolean): string {
  if (other === undefined) return `would be copied to ${to}`;
  if (other === key.accessKeyId) return `is in ${to} already`;
  const shown = shortId({ accessKeyId: other });
  return overwrites ? `would replace ${shown} in ${to}` : `left alone: ${to} has ${shown}`;
}

/** A rotation's new key is only in the old backend and in no index, so it would be left behind. */
function refuseWhileRotating({ paths }: Context, keys: readonly KeyRecord[], from: BackendName): void {
  for (const { path, journal } of unfinishedRotations(paths.data)) {
    const { oldKeyId, newKeyId } = journal ?? {};
    const key = keys.find(({ accessKeyId }) => accessKeyId === oldKeyId || accessKeyId === newKeyId);
    if (journal !== null && key === undefined) continue;
    const what =
      key === undefined
        ? 'a rotation has not ended'
        : `the rotation of ****${key.accessKeyId.slice(-4)} has not ended`;
    throw new AwshError(
      'other',
      `${what}; nothing was copied`,
      key === undefined
        ? `its journal cannot be read: ${printable(path)}`
        : `a new key for ${printable(key.profile)} may be in the ${from} backend only, and would be left behind`,
      `awsh --backend ${from} rotate ${key === undefined ? 'PROFILE' : operandWord(key.profile)}`,
    );
  }
}

interface Backends {
  readonly from: BackendName;
  readonly to: BackendName;
}

/**
 * The two backends. Throws UsageError with the full command if one is missing, using the given
 * option and the place of the stored keys.
 */
async function givenBackends(context: Context, input: CommandInput): Promise<Backends> {
  const given = (option: 'from' | 'to') => {
    const name = input.value(option);
    return name === undefined ? undefined : parseBackendName(name);
  };
  const [from, to] = [given('from'), given('to')];
  if (from !== undefined && to !== undefined) return { from, to };
  const others = backendNames.filter((name) => name !== from && name !== to);
  const filled: BackendName[] = [];
  for (const name of others) if ((await context.vaultIn(name)).keys().length > 0) filled.push(name);
  const source = from ?? filled[0] ?? others.find((name) => name !== 'keychain') ?? 'file';
  const target = to ?? others.find((name) => name !== source) ?? 'keychain';
  throw new UsageError(
    `--${from === undefined ? 'from' : 'to'} is missing`,
    'name both backends: the one to copy from and the one to copy to',
    migrateCommand(input, { from: source, to: target }),
  );
}

/** The command for these two backends with the options that were given, and additional ones. */
function migrateCommand(input: CommandInput, { from, to }: Backends, profile?: string): string {
  const name = profile ?? input.value('profile');
  const switches = (profile === undefined ? ['dry-run', 'overwrite'] : []).filter((it) => input.flag(it));
  return [
    `awsh migrate-backend --from ${from} --to ${to}`,
    ...switches.map((it) => `--${it}`),
    ...(profile === undefined ? [] : ['--overwrite']),
    ...(name === undefined ? [] : [profileOption(name)]),
  ].join(' ');
}

interface Copies {
  readonly source: Vault;
  readonly target: Vault;
  readonly copied: readonly NamedKey[];
  readonly from: BackendName;
}

/**
 * Returns how many keys should have been removed but have been replaced since, or are no longer in
 * the new backend.
 */
async function removeFromSource(
  context: Context,
  input: CommandInput,
  { source, target, copied, from }: Copies,
): Promise<number> {
  if (copied.length === 0) return 0;
  const prompter = await context.prompter();
  const agreed =
    input.flag('delete-source') ||
    (prompter.canAsk && (await prompter.confirm(`remove ${numberOf(copied)} from ${from}`)));
  if (!agreed) {
    context.output.tell(
      `awsh: they stay in ${from} too; to remove one there: ${withGivenOptions(`awsh --backend ${from} remove ${operandWord(copied[0]?.profile ?? '')}`)}`,
    );
    return 0;
  }
  // While the user was being asked, another awsh process may have replaced a key or removed its
  // copy.
  const removed: NamedKey[] = [];
  for (const named of copied) {
    await source.whileKeysStay(async () => {
      const isSame = (await source.holdsAccessKey(named)) && (await target.holdsAccessKey(named));
      if (!isSame) return;
      await source.removeAccessKey(named.profile);
      removed.push(named);
    });
  }
  const names = new Set(removed.map(({ profile }) => profile));
  await source.removeSessions(({ profile }) => names.has(profile));
  context.output.tell(`awsh: removed ${numberOf(removed)} from ${from}`);
  const now = new Set(source.keys().map(({ profile }) => profile));
  const changed = copied.filter(({ profile }) => now.has(profile) && !names.has(profile));
  if (changed.length > 0) {
    context.output.tell(
      `awsh: these keys have changed and stay in ${from}: ${namesOf(changed)}; run this again with --overwrite`,
    );
  }
  return changed.length;
}

/**
 * If every key is in the new backend, awsh uses that one from now on, unless a setting or a
 * variable names another.
 */
async function settle(context: Context, source: Vault, target: Vault, to: BackendName): Promise<void> {
  const there = new Set(target.keys().map(({ profile }) => profile));
  const left = source.keys().filter(({ profile }) => !there.has(profile));
  if (left.length === 0) await target.choose('the keys were moved there by migrate-backend');
  const here = new Set(source.keys().map(({ profile }) => profile));
  const gone = target.keys().filter(({ profile }) => !here.has(profile));
  const { name, why } = await (await context.vault()).backend();
  if (name === to || gone.length === 0 || why.startsWith('--')) return;
  const rest = left.length === 0 ? '' : `; still only in ${name}: ${namesOf(left)}`;
  await tellProblem(
    context.output,
    `the backend in use is still ${name}, and these keys are only in ${to}: ${namesOf(gone)}`,
    `${why}${rest}`,
    /^AWS\w+ /.test(why) ? `export AWSH_BACKEND=${to}` : `awsh config set backend ${to}`,
  );
}
