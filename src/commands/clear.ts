import { allAgentPaths, askAgent, isJobPath } from '../agent/index.ts';
import type { CommandInput, Context } from '../cli/index.ts';
import { findProfile, ignoredSectionOf, nearestNames, profileNames } from '../profiles/index.ts';
import { printable, UnknownProfileError } from '../system/index.ts';
import { saySignInsStay } from './sso-stays.ts';

/**
 * `awsh clear [PROFILE]`: removes stored sessions from the vault and the agent. Access keys stay.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const profile = input.argument('PROFILE');
  const vault = await context.vault();
  if (profile !== undefined) await requireKnown(context, profile);
  const count = await vault.removeSessions((record) => profile === undefined || record.profile === profile);
  if (profile === undefined) await endJobAgents(context);
  await context.output.print(`Cleared ${count} ${count === 1 ? 'session' : 'sessions'}.\n`);
  await saySignInsStay(context, profile ?? null);
  return 0;
}

/**
 * Inside a job, ends the agent that `awsh unlock --for-job` started for it; outside, those of all
 * jobs. The user's own agent continues.
 */
async function endJobAgents({ paths }: Context): Promise<void> {
  const ended = isJobPath(paths) ? [paths] : allAgentPaths(paths).filter(isJobPath);
  for (const each of ended) await askAgent(each, 'stop');
}

/** Otherwise a misspelt name would look like a profile without sessions. */
async function requireKnown(context: Context, profile: string): Promise<void> {
  const [vault, files] = [await context.vault(), await context.awsFiles()];
  const stored = [...vault.keys(), ...vault.sessions()].map((record) => record.profile);
  if (findProfile(files, profile) !== null || stored.includes(profile)) return;
  const near = nearestNames(profile, [...new Set([...profileNames(files), ...stored])]).map(printable);
  const ignored = ignoredSectionOf(profile, files);
  throw new UnknownProfileError(printable(profile), printable(context.paths.awsConfig), near, ignored);
}
