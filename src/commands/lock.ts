import { askAgent } from '../agent/index.ts';
import type { Context } from '../cli/index.ts';
import { AwshError, putLockMark, VaultError } from '../system/index.ts';
import { saySignInsStay } from './sso-stays.ts';

/**
 * `awsh lock`: the mark first, so that nothing new is put anywhere; then the agent's memory, which ends with its process;
 * then what is stored. A token of `aws sso login` is the AWS CLI's: no path of awsh's leads to it while the mark is there.
 * Where the stored sessions cannot be removed, awsh is locked all the same, and says so.
 */
export async function run(context: Context): Promise<number> {
  const { paths, output } = context;
  putLockMark(paths);
  await askAgent(paths, 'lock');
  const removed = await removeSessions(context);
  output.tell(
    `awsh: locked; ${removed} stored sessions removed; shells unload at their next prompt; next: awsh unlock`,
  );
  await saySignInsStay(context);
  return 0;
}

async function removeSessions(context: Context): Promise<number> {
  try {
    const vault = await context.vault();
    return await vault.removeSessions(() => true);
  } catch (error) {
    if (!(error instanceof AwshError)) throw error;
    throw new VaultError('locked, but stored sessions could not be removed', error.what, 'awsh lock');
  }
}
