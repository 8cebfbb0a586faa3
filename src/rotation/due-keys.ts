import { AwshError, AwsRefusedError } from '../system/index.ts';
import type { KeyRecord } from '../vault/index.ts';
import { signIn } from './key-owner.ts';
import { short } from './key-words.ts';
import type { RotationRun } from './rotation-run.ts';

/** A stored key, listed once even if several profiles have it. */
export interface DueKey {
  readonly accessKeyId: string;
  /** The first profile that has it. */
  readonly profile: string;
}

/**
 * The stored keys that are at least this old (in milliseconds; 0 for all). Only IAM knows when a
 * key was made: it is asked, with the key itself, about each key that was not already stored here
 * that long ago. If it refuses without MFA, the date of storing counts, with a message. A key whose
 * age could not be found out goes to `failed`.
 */
export async function dueKeys(
  run: RotationRun,
  olderThanMs: number,
  failed: (profile: string, error: AwshError) => void,
): Promise<DueKey[]> {
  // The index may have been lost.
  await run.vault.findUnknownKeys([...run.files.profiles.keys()]);
  const distinct = new Map<string, KeyRecord>();
  for (const record of run.vault.keys()) {
    if (!distinct.has(record.accessKeyId)) distinct.set(record.accessKeyId, record);
  }
  const due: DueKey[] = [];
  for (const { accessKeyId, profile, added } of distinct.values()) {
    const isOld = (date: Date) => run.clock.now() - date.getTime() >= olderThanMs;
    try {
      const isDue = isOld(added) || isOld((await created(run, profile, accessKeyId)) ?? added);
      if (isDue) due.push({ accessKeyId, profile });
    } catch (error) {
      if (!(error instanceof AwshError) || error.failure === 'cancelled') throw error;
      failed(profile, error);
    }
  }
  return due;
}

async function created(run: RotationRun, profile: string, accessKeyId: string): Promise<Date | null> {
  try {
    const { iam } = await signIn(profile, { ...run, noSession: true });
    return (await iam.keys()).find(({ id }) => id === accessKeyId)?.created ?? null;
  } catch (error) {
    if (!(error instanceof AwsRefusedError)) throw error;
    run.say(
      `IAM does not say how old ${short(accessKeyId)} is: its age is counted from the day it was stored`,
    );
    return null;
  }
}
