// Ends a sign-in to IAM Identity Center, at AWS and on this machine.
import type { Context } from '../cli/index.ts';
import {
  allSsoSessions,
  forgetToken,
  isClientOf,
  readSignIn,
  removeCliRoles,
  removeSignIn,
  type SignIn,
  type SsoSession,
  sessionKey,
  signInPath,
  withSignInLock,
} from '../sessions/index.ts';
import { unloadedEnvironment } from '../shell/index.ts';
import { AwshError, explained, printable } from '../system/index.ts';

const logoutMs = 5000;

/**
 * Revokes the token at AWS and removes the files of the sign-in, and the role sessions that the AWS
 * CLI has cached for it. If the call to AWS fails, the user is told, and the files are removed
 * anyway.
 */
export async function endSignIn(
  context: Context,
  session: SsoSession,
  signIn: SignIn | null = signInOf(context, session),
): Promise<void> {
  const { environment, paths, output, clock } = context;
  const { caBundle, caBundlePlace } = session;
  const connection = { surroundings: environment, caBundle, caBundlePlace, timeoutMs: logoutMs };
  if (signIn !== null) {
    const sealingKey = async () => (await context.vault()).sealingKey();
    await forgetToken(session, signIn, { connection, now: clock.now(), paths, sealingKey }).catch(
      (error: unknown) => {
        if (!(error instanceof AwshError)) throw error;
        const why = [error.what, error.why].filter(Boolean).join(', ');
        const name = printable(sessionKey(session));
        output.tell(
          `awsh: could not revoke the sign-in to ${name} at AWS: ${why}; its token stays valid until it expires`,
        );
      },
    );
  }
  await withSignInLock(signInPath(sessionKey(session), environment), paths.locks, async () =>
    removeSignIn(session, environment, paths),
  );
  removeCliRoles(session, await context.awsFiles(), environment);
}

/** The sign-in for this session; null if there is none. */
export function signInOf({ environment }: Context, session: SsoSession): SignIn | null {
  return readSignIn(signInPath(sessionKey(session), environment));
}

/**
 * Names and ends the sign-ins that awsh made (security rule 18). Those of other programs stay.
 * Never throws: `lock` must succeed without it.
 */
export async function endOwnSignIns(context: Context): Promise<void> {
  try {
    const own = await ownSignIns(context);
    if (own.length === 0) return;
    const names = own.map(({ session }) => printable(sessionKey(session))).join(', ');
    context.output.tell(`awsh: signing out of ${names}, because you signed in with awsh`);
    await Promise.all(own.map(({ session, signIn }) => endSignIn(context, session, signIn)));
  } catch (thrown) {
    const error = explained(thrown);
    if (error === null) throw thrown;
    context.output.tell(`awsh: could not sign out: ${[error.what, error.why].filter(Boolean).join(': ')}`);
  }
}

async function ownSignIns(context: Context): Promise<{ session: SsoSession; signIn: SignIn }[]> {
  const { usable } = allSsoSessions(await context.awsFiles(), unloadedEnvironment(context.environment));
  return usable.flatMap((session) => {
    const signIn = signInOf(context, session);
    const isOwn = signIn !== null && isClientOf(sessionKey(session), signIn, context.paths);
    return isOwn ? [{ session, signIn }] : [];
  });
}
