import type { CommandInput, Context } from '../cli/index.ts';
import {
  allSsoSessions,
  forgetToken,
  readSignIn,
  removeCliRoles,
  removeSignIn,
  type SsoSession,
  sessionKey,
  signInPath,
} from '../sessions/index.ts';
import { unloadedEnvironment } from '../shell/index.ts';
import { AwshError, printable, UsageError } from '../system/index.ts';
import { namedSession } from './sso-named.ts';

const logoutMs = 5000;

/** `awsh sso logout [NAME]`: ends the sign-in everywhere, and removes the roles' sessions that were made with it. */
export async function logout(context: Context, input: CommandInput): Promise<number> {
  const sessions = await wantedSessions(context, input);
  for (const session of sessions) await signOut(context, session);
  return 0;
}

async function wantedSessions(context: Context, input: CommandInput): Promise<SsoSession[]> {
  if (!input.flag('all')) return [await namedSession(context, input, 'logout')];
  if (input.argument('NAME') !== undefined)
    throw new UsageError('--all and a name exclude each other', '--all signs out of each session');
  return allSsoSessions(await context.awsFiles(), unloadedEnvironment(context.environment));
}

async function signOut(context: Context, session: SsoSession): Promise<void> {
  const { environment, paths, output } = context;
  const name = printable(session.name ?? session.startUrl);
  const found = readSignIn(signInPath(sessionKey(session), environment));
  const { caBundle, caBundlePlace } = session;
  const connection = { surroundings: environment, caBundle, caBundlePlace, timeoutMs: logoutMs };
  if (found !== null) {
    await forgetToken(session, found, connection).catch((error: unknown) => {
      if (!(error instanceof AwshError)) throw error;
      const why = [error.what, error.why].filter(Boolean).join(', ');
      output.tell(`awsh: AWS was not told that you signed out of ${name}: ${why}; the token ends by itself`);
    });
  }
  removeSignIn(session, environment, paths);
  removeCliRoles(session, await context.awsFiles(), environment);
  const vault = await context.vault();
  const isOfSession = new Set(session.profiles);
  const count = await vault.removeSessions(({ profile }) => isOfSession.has(profile));
  output.tell(
    found === null
      ? `awsh: you were not signed in to ${name}`
      : `awsh: signed out of ${name}; ${count} stored sessions removed`,
  );
  if (found !== null)
    output.tell(
      'awsh: programs that have a role already can use it until it ends; in a loaded shell: awsh off',
    );
}
