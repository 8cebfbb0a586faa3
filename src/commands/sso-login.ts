import { fetchAwaitedSessions } from '../agent/index.ts';
import type { CommandInput, Context } from '../cli/index.ts';
import { signInGrant } from '../record/index.ts';
import {
  allSsoSessions,
  isRenewable,
  keepSignIn,
  readSignIn,
  renewableCommand,
  type SsoSession,
  sessionKey,
  signInPath,
} from '../sessions/index.ts';
import { clockTime, unloadedEnvironment } from '../shell/index.ts';
import { chooseFlow, signIn, signInCommand } from '../sign-in/index.ts';
import { AwshError, CancelledError, printable, refuseWhileLocked, UsageError } from '../system/index.ts';
import { signInProfile } from './login-profile.ts';
import { recordHere } from './record-here.ts';
import {
  browserOpener,
  defaultSignInOptions,
  requireUser,
  type SignInOptions,
  signInOptionsOf,
} from './sign-in-options.ts';
import { ofSession, signedInElsewhere, signInAlone } from './sso-flight.ts';
import { loginProfile, namedSession, runOfSession } from './sso-named.ts';

/**
 * `awsh sso login [NAME]`. With --all, the command continues after a session that fails, and exits
 * with its status.
 */
export async function login(context: Context, input: CommandInput): Promise<number> {
  refuseWhileLocked(context.paths);
  const options = signInOptionsOf(input);
  const signInIfNeeded = async (session: SsoSession) => {
    if (input.flag('if-needed') && (await isGood(context, session))) return;
    await signInTo(context, session, options);
  };
  if (!input.flag('all')) {
    const profile = await loginProfile(context, input);
    if (profile !== null) {
      await signInProfile(context, profile, options, input.flag('if-needed'));
      return 0;
    }
    await signInIfNeeded(await namedSession(context, input, 'login'));
    return 0;
  }
  if (input.argument('NAME') !== undefined)
    throw new UsageError(
      '--all and a name cannot be used together',
      '--all signs in to each session in turn',
    );
  const environment = unloadedEnvironment(context.environment);
  const { usable, broken } = allSsoSessions(await context.awsFiles(), environment);
  const faults: AwshError[] = broken.map(({ fault }) => fault);
  for (const session of usable) {
    await signInIfNeeded(session).catch((error: unknown) => {
      if (!(error instanceof AwshError) || error instanceof CancelledError) throw error;
      faults.push(error);
    });
  }
  const [first, ...others] = faults;
  for (const { what } of others) context.output.tell(`awsh: ${what}`);
  if (first !== undefined) throw first;
  if (usable.length === 0)
    context.output.tell(
      'awsh: no profile uses IAM Identity Center; to add a session: awsh sso add (see awsh sso --help)',
    );
  return 0;
}

/**
 * True if nothing has to be done: the token is valid for more than five minutes, or was just
 * renewed.
 */
async function isGood(context: Context, session: SsoSession): Promise<boolean> {
  const { name, startUrl, tokenTarget, portalTarget } = session;
  return keepSignIn(
    { session: name, startUrl, tokenTarget, target: portalTarget },
    runOfSession(context, session),
  );
}

/** Signs in for another command, as a bare `awsh sso login` would. */
export function signInHere(context: Context, session: SsoSession): Promise<void> {
  return signInTo(context, session, defaultSignInOptions);
}

async function signInTo(context: Context, session: SsoSession, options: SignInOptions): Promise<void> {
  const { environment, paths, clock } = context;
  const { signInFlow: preferred, ssoCache } = await context.settings();
  const chosen = chooseFlow(session, { ...options, preferred }, environment);
  requireUser(context, sessionKey(session), signInCommand(session));
  const open = browserOpener(context, options);
  const showsStatus = environment.TERM !== 'dumb';
  const sealingKey = async () => (await context.vault()).sealingKey();
  const services = {
    ...{ paths, clock, environment, open, port: options.port, showsStatus },
    ...(ssoCache === 'vault' && { sealingKey }),
  };
  await signInAlone(context, ofSession(session, environment), async ({ isElsewhere }) => {
    if (!(await signIn(session, chosen, { ...services, isElsewhere }))) {
      context.output.tell(signedInElsewhere);
      return;
    }
    await recordHere(context, signInGrant(sessionKey(session)));
  });
  await fetchAwaitedSessions(paths);
  await tellSignedIn(context, session);
}

async function tellSignedIn(context: Context, session: SsoSession): Promise<void> {
  const { environment, output } = context;
  const found = readSignIn(signInPath(sessionKey(session), environment));
  if (found === null) return;
  const later = isRenewable(found, found.ends)
    ? 'renewed automatically while the session of your organisation lasts'
    : await whyNotRenewed(context, session);
  const until = clockTime(found.ends / 1000);
  output.tell(`awsh: signed in to ${printable(sessionKey(session))} until ${until}; ${later}`);
}

/** The reason, with the next command if the profile has no session. */
async function whyNotRenewed(
  context: Context,
  { name, startUrl, region, profiles }: SsoSession,
): Promise<string> {
  const [profile] = profiles;
  if (name !== null || profile === undefined) return 'it cannot be renewed';
  const command = renewableCommand({ profile, startUrl, region }, await context.awsFiles());
  return `it cannot be renewed, because profile ${printable(profile)} has no sso_session; for one that can: ${command}`;
}
