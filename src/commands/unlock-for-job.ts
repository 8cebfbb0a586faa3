import {
  allAgentPaths,
  ancestors,
  connectAgent,
  jobFolder,
  refusesAgent,
  requireRuntime,
  startAgent,
  sweepJobs,
} from '../agent/index.ts';
import type { Context } from '../cli/index.ts';
import { AwshError, printable, UsageError, watchedProcess } from '../system/index.ts';

/** In milliseconds: a busy machine needs this long to start Node. */
const startMs = 20_000;

/** The process that a job ends with: the parent of this command, or the named process above it. */
export function jobProcess({ environment }: Context, named: string | undefined): number {
  if (!refusesAgent(environment)) {
    throw new UsageError(
      '--for-job is for CI, and for AWSH_AGENT=off',
      'here commands use your own agent, which keeps the vault unlocked by itself',
      'awsh unlock',
    );
  }
  const above = ancestors();
  const pid = named === undefined ? above[0] : above.find((each) => String(each) === named);
  if (pid !== undefined) return pid;
  throw new UsageError(
    `--pid ${printable(named ?? '')} is not a parent process of this command`,
    `its parent processes are ${above.join(', ')}, the nearest first`,
    'awsh unlock --for-job',
  );
}

/**
 * Starts the job's agent, unless it already runs, and gives it the keys of the vaults that this
 * command has opened.
 */
export async function openForJob(context: Context, pid: number): Promise<void> {
  const { environment, packageFolder, vaultKeys } = context;
  const [{ runtime } = context.paths] = allAgentPaths(context.paths);
  const own = { ...context.paths, runtime };
  sweepJobs(own.runtime);
  const paths = { ...context.paths, runtime: jobFolder(own.runtime, pid) };
  requireRuntime(own);
  requireRuntime(paths);
  const job = watchedProcess(pid);
  const begun = performance.now();
  let agent = await connectAgent(paths);
  if (agent === null && job !== null) startAgent({ paths, environment, packageFolder }, job);
  while (agent === null) {
    if (performance.now() - begun > startMs) throw notStarted(context);
    await new Promise((resolve) => setTimeout(resolve, 25));
    agent = await connectAgent(paths);
  }
  for (const [folder, key] of vaultKeys) {
    const value = Buffer.from(key).toString('base64url');
    const reply = await agent.ask('vault-key', [
      ['folder', folder],
      ['value', value],
    ]);
    if (reply?.status !== 'ok') throw notStarted(context);
  }
  agent.close();
}

function notStarted({ paths }: Context): AwshError {
  return new AwshError(
    'other',
    'the agent of this job did not start',
    'its log may show why; commands derive the key each time until then',
    `cat ${paths.state}/agent.log`,
  );
}
