import type { Context } from '../cli/index.ts';
import { isLocked, putLockMark, removeLockMark } from '../system/index.ts';

/**
 * `awsh unlock`: takes the mark away. With the `file` backend the passphrase is asked, and has to be right: it opens the
 * vault for the agent, too, which keeps its key until the next lock.
 */
export async function run(context: Context): Promise<number> {
  const { paths, output } = context;
  const vault = await context.vault();
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
  output.tell(wasLocked ? 'awsh: unlocked' : 'awsh: it was not locked');
  return 0;
}
