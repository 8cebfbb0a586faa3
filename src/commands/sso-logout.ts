import { rmSync } from 'node:fs';
import type { CommandInput, Context } from '../cli/index.ts';
import { resolveProfile } from '../profiles/index.ts';
import {
  allSsoSessions,
  forgetAccounts,
  type LoginKey,
  loginSignIns,
  profilesThrough,
  readSignIn,
  type SsoSession,
  type SsoSessions,
  sessionKey,
  signInPath,
  withSignInLock,
} from '../sessions/index.ts';
import { unloadedEnvironment } from '../shell/index.ts';
import { AwshError, printable, UsageError } from '../system/index.ts';
import { endSignIn, signInOf } from './end-sign-in.ts';
import { signOutOfLogin } from './login-profile.ts';
import { loginProfile, namedSession } from './sso-named.ts';

/**
 * `awsh sso logout [NAME]`: ends the sign-in everywhere, and removes the role sessions that were
 * made with it.
 */
export async function logout(context: Context, input: CommandInput): Promise<number> {
  const logins = await wantedLogins(context, input);
  for (const key of logins) signOutOfLogin(context, key);
  if (logins.length > 0 && !input.flag('all')) return 0;
  const { usable, broken } = await wantedSessions(context, input);
  for (const session of usable) await signOut(context, session);
  for (const { key, fault } of broken) await removeBroken(context, key, fault);
  if (logins.length + usable.length + broken.length === 0)
    context.output.tell('awsh: no profile uses IAM Identity Center');
  return 0;
}

/** The sign-ins of `aws login` to end: of the named profile or this shell's, or all. */
async function wantedLogins(context: Context, input: CommandInput): Promise<LoginKey[]> {
  const files = await context.awsFiles();
  const { environment, clock } = context;
  if (input.flag('all')) return loginSignIns(files, null, { surroundings: environment, now: clock.now() });
  const profile = await loginProfile(context, input);
  if (profile === null) return [];
  const loginSession = resolveProfile(files, profile).properties.get('login_session')?.value ?? '';
  return [{ profile, loginSession, cacheFolder: null }];
}

async function wantedSessions(context: Context, input: CommandInput): Promise<SsoSessions> {
  const files = await context.awsFiles();
  const environment = unloadedEnvironment(context.environment);
  const name = input.argument('NAME');
  if (input.flag('all') && name !== undefined)
    throw new UsageError('--all and a name cannot be used together', '--all signs out of each session');
  if (input.flag('all')) return allSsoSessions(files, environment);
  try {
    return { usable: [await namedSession(context, input, 'logout')], broken: [] };
  } catch (fault) {
    // Its section is malformed or missing, but the sign-in exists.
    const isLeft = name !== undefined && readSignIn(signInPath(name, context.environment)) !== null;
    if (!isLeft || !(fault instanceof AwshError)) throw fault;
    return { usable: [], broken: [{ key: name, fault }] };
  }
}

/** Without the session, the AWS endpoint for the logout is unknown. */
async function removeBroken(
  { environment, paths, output }: Context,
  key: string,
  fault: AwshError,
): Promise<void> {
  const path = signInPath(key, environment);
  if (readSignIn(path) === null) return;
  await withSignInLock(path, paths.locks, async () => rmSync(path, { force: true }));
  forgetAccounts({ name: key, startUrl: key }, paths);
  output.tell(`awsh: removed the sign-in to ${printable(key)}, but did not revoke it at AWS: ${fault.what}`);
}

async function signOut(context: Context, session: SsoSession): Promise<void> {
  const { output } = context;
  const name = printable(sessionKey(session));
  const found = signInOf(context, session);
  await endSignIn(context, session, found);
  const vault = await context.vault();
  const isOfSession = profilesThrough(session, await context.awsFiles());
  const count = await vault.removeSessions(({ profile }) => isOfSession.has(profile));
  output.tell(
    found === null
      ? `awsh: you were not signed in to ${name}`
      : `awsh: signed out of ${name}; ${count} stored ${count === 1 ? 'session' : 'sessions'} removed`,
  );
  if (found !== null)
    output.tell(
      'awsh: programs that already have role credentials can use them until they expire (at most 12 hours); in a loaded shell, run awsh off',
    );
}
