import { readAwsFiles } from '../profiles/index.ts';
import { silentPrompter } from '../prompt/index.ts';
import { credentialsFor, pinnedRequest, planFor } from '../sessions/index.ts';
import { readSettings } from '../settings/index.ts';
import {
  AwshError,
  appPaths,
  type Environment,
  passesWithTime,
  printable,
  systemClock,
} from '../system/index.ts';
import { holderOfKeys, openVault, type Vault, vaultSettings, withVaultSettings } from '../vault/index.ts';
import { keptSession, sessionLines } from './kept-session.ts';
import type { WorkerResult, WorkerTask } from './worker-protocol.ts';

/**
 * Carries out one task in the environment of the shell or command that needs it. Never asks the
 * user and never throws.
 */
export async function work(task: WorkerTask, environment: Environment): Promise<WorkerResult> {
  try {
    return task.kind === 'lock' ? await removeSessions(environment) : await renew(task, environment);
  } catch (error) {
    if (!(error instanceof AwshError))
      return { kind: 'failed', failure: 'an unforeseen error', again: false };
    return { kind: 'failed', failure: printable(error.what), again: passesWithTime(error) };
  }
}

async function renew(
  { session, use, vaultKeys }: Extract<WorkerTask, { kind: 'renew' }>,
  environment: Environment,
): Promise<WorkerResult> {
  const paths = appPaths(environment);
  const vault = vaultOf(environment, use.environment, vaultKeys);
  const { profile, options } = use;
  const files = readAwsFiles(paths);
  const plan = planFor(
    pinnedRequest({ files, profile, keys: vault.keys(), environment: use.environment, options }),
  );
  if (plan.sessionIds.at(-1) !== session) {
    return { kind: 'failed', failure: 'the profile or its key has changed', again: false };
  }
  const [clock, prompter] = [systemClock, silentPrompter()];
  const credentials = await credentialsFor(plan, {
    vault,
    clock,
    prompter,
    locks: paths.locks,
    refresh: true,
    surroundings: environment,
    runsCommands: false,
  });
  const kept = keptSession(session, profile, credentials);
  if (kept === null) return { kind: 'failed', failure: 'the plan gives no session', again: false };
  return { kind: 'session', session: sessionLines(kept) };
}

/** Security rule 18: the part of a lock that the agent cannot do. */
async function removeSessions(environment: Environment): Promise<WorkerResult> {
  await vaultOf(environment, {}, {}).removeSessions(() => true);
  return { kind: 'done' };
}

function vaultOf(
  environment: Environment,
  request: Environment,
  vaultKeys: Readonly<Record<string, string>>,
): Vault {
  const paths = appPaths(environment);
  return openVault({
    paths,
    environment,
    settings: withVaultSettings(vaultSettings(request), readSettings(paths.settings, paths.home)),
    prompter: silentPrompter(),
    clock: systemClock,
    notify: () => {},
    keyHolder: holderOfKeys((folder) => vaultKeys[folder]),
  });
}
