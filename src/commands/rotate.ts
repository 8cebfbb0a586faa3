import { type CommandInput, type Context, withGivenOptions } from '../cli/index.ts';
import { dueKeys, type RotationRun, rotateKey } from '../rotation/index.ts';
import { unloadedEnvironment } from '../shell/index.ts';
import {
  AwshError,
  adviceOf,
  exitStatus,
  operandWord,
  parseDuration,
  printable,
  printablePath,
  UsageError,
} from '../system/index.ts';
import { backendNames } from '../vault/index.ts';
import { pickProfile } from './pick-profile.ts';

/**
 * `awsh rotate PROFILE`: replaces an access key with a new one; `--all` rotates every stored key.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const named = input.argument('PROFILE');
  const all = input.flag('all');
  const olderThan = input.value('older-than');
  if (all && named !== undefined) {
    throw new UsageError('rotate takes a profile or --all, not both', undefined, 'awsh rotate --help');
  }
  if (olderThan !== undefined && !all)
    throw new UsageError('--older-than needs --all', 'a key that is named is rotated at any age');
  const profile = all ? undefined : (named ?? (await pickProfile(context, 'rotate')));
  const rotation = await rotationRun(context, input);
  if (profile !== undefined) {
    await rotateOne(context, profile, rotation);
    return 0;
  }
  return await rotateAll(context, rotation, ageOf(olderThan));
}

async function rotationRun(context: Context, input: CommandInput): Promise<RotationRun> {
  const { clock, paths, output } = context;
  return {
    clock,
    paths,
    files: await context.awsFiles(),
    vault: await context.vault(),
    prompter: await context.prompter(),
    environment: { AWS_MFA_SERIAL: context.environment.AWS_MFA_SERIAL },
    connection: { surroundings: unloadedEnvironment(context.environment) },
    noSession: input.flag('no-session'),
    mfaToken: input.value('mfa-token'),
    say: (line) => output.tell(`awsh: ${printable(line)}`),
    waits: (line) => output.passing(`awsh: ${line}`),
  };
}

async function rotateOne(context: Context, profile: string, rotation: RotationRun): Promise<void> {
  const { profiles, oldKeyId, newKeyId } = await rotateKey(profile, rotation);
  const names = profiles.map(printable).join(', ');
  context.output.tell(
    `awsh: rotated the access key of ${names}: ****${oldKeyId.slice(-4)} is deleted, ****${newKeyId.slice(-4)} is stored`,
  );
  await tellOfOldCopies(context, oldKeyId);
}

/**
 * Names the places that still contain the old, now invalid key: plain text, or a backend that
 * cannot be used now.
 */
async function tellOfOldCopies(context: Context, oldKeyId: string): Promise<void> {
  const files = await context.awsFiles();
  for (const { properties } of files.profiles.values()) {
    const id = properties.get('aws_access_key_id');
    if (id?.value !== oldKeyId) continue;
    const place = `${printablePath(id.place.file, context.paths.home)}:${id.place.line}`;
    context.output.tell(`awsh: the old key, which no longer works, is in plain text at ${place}`);
  }
  for (const backend of backendNames) {
    const records = (await context.vaultIn(backend)).keys();
    const names = records.filter(({ accessKeyId }) => accessKeyId === oldKeyId).map(({ profile }) => profile);
    if (names.length === 0) continue;
    for (const name of names)
      context.output.tell(
        `awsh: the ${backend} backend still has the old key; next: awsh --backend ${backend} remove ${operandWord(name)}`,
      );
  }
}

/**
 * Continues after a key that cannot be rotated. The exit status is 12 if at least one was rotated,
 * otherwise that of the first failure.
 */
async function rotateAll(context: Context, rotation: RotationRun, olderThanMs: number): Promise<number> {
  let status = 0;
  let rotated = 0;
  const failed = (profile: string, error: AwshError) => {
    status ||= error.exitStatus;
    const { reason, command } = adviceOf(error.why, error.next);
    const lines = [error.what, reason && `why:  ${reason}`, command && `next: ${withGivenOptions(command)}`];
    context.output.tell(`awsh: ${printable(profile)}: ${lines.filter(Boolean).join('\n  ')}`);
  };
  const due = await dueKeys(rotation, olderThanMs, failed);
  if (due.length === 0 && status === 0) context.output.tell('awsh: no stored key is that old');
  for (const { profile } of due) {
    try {
      await rotateOne(context, profile, rotation);
      rotated += 1;
    } catch (error) {
      if (!(error instanceof AwshError) || error.failure === 'cancelled') throw error;
      failed(profile, error);
    }
  }
  return status !== 0 && rotated > 0 ? exitStatus.partial : status;
}

/** Converts `90d`, or any other duration, to milliseconds. */
function ageOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const seconds = parseDuration(text);
  if (seconds !== null) return seconds * 1000;
  throw new UsageError(
    `--older-than is not a time: ${JSON.stringify(printable(text))}`,
    'a time looks like 90d or 36h',
  );
}
