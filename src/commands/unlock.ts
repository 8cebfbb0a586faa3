import { allAgentPaths, connectAgent, endAgent } from '../agent/index.ts';
import type { CommandInput, Context } from '../cli/index.ts';
import { profileNames } from '../profiles/index.ts';
import { AwshError, isLocked, putLockMark, removeLockMark, UsageError } from '../system/index.ts';
import { vaultSettings } from '../vault/index.ts';
import { jobProcess, openForJob } from './unlock-for-job.ts';

/**
 * `awsh unlock`: removes the mark of a lock. With the `file` backend it asks for the passphrase,
 * which must be right, and opens the vault for the agent too; the agent keeps the key until the
 * next lock. Finds stored keys that are missing in the index. With `--for-job` it starts an agent
 * that ends with the job.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const { paths, output } = context;
  const isForJob = input.flag('for-job');
  if (!isForJob && input.value('pid') !== undefined)
    throw new UsageError('--pid needs --for-job', undefined, 'awsh unlock --for-job');
  const job = isForJob ? jobProcess(context, input.value('pid')) : null;
  const wasLockedByAgent = await endLockedAgents(context);
  const vault = await context.vault();
  const isIndexLost = vault.needsRebuild();
  // Sessions that a lock could not remove, because the keychain itself was locked.
  await vault.removeSessions(() => true).catch(() => 0);
  const wasLocked = isLocked(paths);
  let wasClosed = false;
  removeLockMark(paths);
  try {
    wasClosed = await openBackend(context);
  } catch (error) {
    if (wasLocked) putLockMark(paths);
    throw error;
  }
  if (job !== null) await openForJob(context, job);
  const forAll = wasLocked ? '; this ended the lock for your other shells, too' : '';
  const forJob = `awsh: unlocked for this job, until process ${job} ends; awsh lock ends it earlier${forAll}`;
  output.tell(
    job !== null
      ? forJob
      : wasLocked || wasLockedByAgent || wasClosed
        ? 'awsh: unlocked'
        : 'awsh: it was not locked',
  );
  await findKeysAgain(context, isIndexLost);
  return 0;
}

/**
 * Ends agents that locked themselves and could not write the mark. Returns true if there was one.
 */
async function endLockedAgents({ paths }: Context): Promise<boolean> {
  let found = false;
  for (const each of allAgentPaths(paths)) {
    const agent = await connectAgent(each);
    agent?.close();
    if (!agent?.isLocked) continue;
    found = true;
    await endAgent(each, 'stop');
  }
  return found;
}

/**
 * Opens what needs the user: the vault of the file backend, and a locked keychain, which asks for
 * its password in its own window. Returns true if the user has opened it now. Throws VaultError if
 * it is still closed.
 */
async function openBackend(context: Context): Promise<boolean> {
  const vault = await context.vault();
  const [key] = vault.keys();
  const { name } = await vault.backend();
  const fault = name === 'keychain' ? (await context.backendHealth()).fault : null;
  if (key !== undefined && (name === 'file' || fault !== null)) await vault.accessKey(key.profile);
  else if (fault !== null) throw fault;
  const isGiven = vaultSettings(context.environment).filePassphrase !== undefined;
  return fault !== null || (context.openedVaults.size > 0 && !isGiven);
}

/**
 * Rebuilds a lost index from the names of the profiles. Items that cannot be read now stay where
 * they are.
 */
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
    output.tell(`awsh: did not look for stored keys: ${error.what}`);
  }
}
