import type { CommandInput, Context } from '../cli/index.ts';
import { profileNames } from '../profiles/index.ts';
import { AwshError, isLocked, putLockMark, removeLockMark, UsageError } from '../system/index.ts';
import { jobProcess, openForJob } from './unlock-for-job.ts';

/**
 * `awsh unlock`: takes the mark away. With the `file` backend the passphrase is asked, and has to be right: it opens the
 * vault for the agent, too, which keeps its key until the next lock. Stored keys that the index does not know are found again.
 * With `--for-job` an agent is started for this, which ends with the job.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const { paths, output } = context;
  const isForJob = input.flag('for-job');
  if (!isForJob && input.value('pid') !== undefined)
    throw new UsageError('--pid goes with --for-job', undefined, 'awsh unlock --for-job');
  const job = isForJob ? jobProcess(context, input.value('pid')) : null;
  const vault = await context.vault();
  const isIndexLost = vault.needsRebuild();
  // What a lock could not remove, because the keychain was locked itself.
  await vault.removeSessions(() => true).catch(() => 0);
  const wasLocked = isLocked(paths);
  removeLockMark(paths);
  try {
    const [key] = vault.keys();
    if (key !== undefined && (await vault.backend()).name === 'file') await vault.accessKey(key.profile);
  } catch (error) {
    if (wasLocked) putLockMark(paths);
    throw error;
  }
  if (job !== null) await openForJob(context, job);
  const forJob = `awsh: unlocked for this job, until process ${job} ends; awsh lock ends it earlier`;
  output.tell(job !== null ? forJob : wasLocked ? 'awsh: unlocked' : 'awsh: it was not locked');
  await findKeysAgain(context, isIndexLost);
  return 0;
}

/** An index that was lost is made anew, from the names of the profiles; what cannot be looked at now stays where it is. */
async function findKeysAgain(context: Context, isIndexLost: boolean): Promise<void> {
  const { output } = context;
  try {
    if (!isIndexLost && (await context.backendHealth()).unknownKeys === 0) return;
    const found = await (await context.vault()).findUnknownKeys(profileNames(await context.awsFiles()));
    if (found > 0)
      output.tell(`awsh: found again what was stored for ${found === 1 ? '1 profile' : `${found} profiles`}`);
    await context.refreshNames();
  } catch (error) {
    if (!(error instanceof AwshError)) throw error;
    output.tell(`awsh: stored keys were not looked for: ${error.what}`);
  }
}
