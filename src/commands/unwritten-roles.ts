// Roles of IAM Identity Center that have no profile yet, for the picker of `awsh use`.
import type { Context } from '../cli/index.ts';
import { type AwsFiles, findProfile, profileNames, resolveProfile } from '../profiles/index.ts';
import { allSsoSessions, type SsoSession } from '../sessions/index.ts';
import { unloadedEnvironment } from '../shell/index.ts';
import { AwshError, CancelledError, printable, printablePath, refuseWhileLocked } from '../system/index.ts';
import { accountsAtHand } from './sso-accounts.ts';
import { rolesByBlock, writeRole } from './sso-populate.ts';
import type { NamedRole } from './sso-profile-names.ts';

export interface UnwrittenRole extends NamedRole {
  readonly session: SsoSession;
}

/**
 * The roles in sessions that the user is signed in to and whose accounts are cached or listed
 * quickly. Never throws.
 */
export async function unwrittenRoles(context: Context): Promise<UnwrittenRole[]> {
  try {
    refuseWhileLocked(context.paths);
    const files = await context.awsFiles();
    const { usable } = allSsoSessions(files, unloadedEnvironment(context.environment));
    const found: UnwrittenRole[] = [];
    for (const session of usable) found.push(...(await rolesOf(context, session, files)));
    return found;
  } catch (error) {
    if (error instanceof AwshError) return [];
    throw error;
  }
}

async function rolesOf(context: Context, session: SsoSession, files: AwsFiles): Promise<UnwrittenRole[]> {
  const accounts = session.name === null ? null : await accountsAtHand(context, session);
  if (accounts === null) return [];
  const word = (account: string, role: string) => `${account}/${role}`;
  const written = new Set(
    profileNames(files).flatMap((name) => {
      const { properties } = resolveProfile(files, name);
      const [of, account, role] = ['sso_session', 'sso_account_id', 'sso_role_name'].map(
        (key) => properties.get(key)?.value ?? '',
      );
      return of === session.name ? [word(account ?? '', role ?? '')] : [];
    }),
  );
  return rolesByBlock(context, session, accounts)
    .filter(
      ({ account, role, name }) => !written.has(word(account, role)) && findProfile(files, name) === null,
    )
    .map((role) => ({ ...role, session }));
}

/**
 * Writes the profile of a chosen role, if the user agrees: without a profile no program could use
 * it.
 */
export async function writeChosenRole(context: Context, chosen: UnwrittenRole): Promise<void> {
  const { account, role, name, session } = chosen;
  const { awsConfig, home } = context.paths;
  const prompter = await context.prompter();
  prompter.tell(`awsh: ${printable(role)} in account ${account} has no profile yet`);
  const question = `Write [profile ${printable(name)}] to ${printablePath(awsConfig, home)}, and load it?`;
  if (!(await prompter.confirm(question, 'yes'))) throw new CancelledError('nothing was changed');
  await writeRole(context, session, (await accountsAtHand(context, session)) ?? [], name);
}
