import type { CommandInput, Context } from '../cli/index.ts';
import { chooseBrowser, inContainer, openBrowser, writeSignInPage } from '../console/index.ts';
import { canPick } from '../prompt/index.ts';
import {
  allSsoSessions,
  isRenewable,
  readSignIn,
  type SsoSession,
  sessionKey,
  signInPath,
} from '../sessions/index.ts';
import { clockTime, unloadedEnvironment } from '../shell/index.ts';
import { chooseFlow, signIn, signInCommand } from '../sign-in/index.ts';
import {
  inForeground,
  PersonNeededError,
  printable,
  refuseWhileLocked,
  Secret,
  UsageError,
} from '../system/index.ts';
import { signInAlone } from './sso-flight.ts';
import { namedSession } from './sso-named.ts';

/** `awsh sso login [NAME]`. */
export async function login(context: Context, input: CommandInput): Promise<number> {
  refuseWhileLocked(context.paths);
  const port = portOf(input);
  for (const session of await wantedSessions(context, input)) {
    if (input.flag('if-needed') && isGood(context, session)) continue;
    await signInTo(context, session, { ...optionsOf(input), port });
  }
  return 0;
}

async function wantedSessions(context: Context, input: CommandInput): Promise<SsoSession[]> {
  if (!input.flag('all')) return [await namedSession(context, input, 'login')];
  if (input.argument('NAME') !== undefined)
    throw new UsageError('--all and a name exclude each other', '--all signs in to each session in turn');
  return allSsoSessions(await context.awsFiles(), unloadedEnvironment(context.environment));
}

/** True if nothing has to be done: the token is good for more than five minutes, or is renewed by itself. */
function isGood({ environment, clock }: Context, session: SsoSession): boolean {
  const found = readSignIn(signInPath(sessionKey(session), environment));
  if (found === null) return false;
  return found.ends - clock.now() > 5 * 60_000 || isRenewable(found, clock.now());
}

/** Nothing is asked of AWS, and no browser opened, if nobody is there to answer. */
function requireUser(context: Context, session: SsoSession): void {
  if (!context.asksNobody && !context.environment.CI && canPick()) return;
  throw new PersonNeededError(
    `a sign-in to ${printable(session.name ?? session.startUrl)} needs you`,
    context.environment.CI
      ? 'CI is set, so nobody is asked'
      : inForeground()
        ? 'there is no terminal'
        : 'a job in the background cannot ask',
    signInCommand(session),
    'sign-in',
  );
}

/** What the command line says of a sign-in. */
interface SignInOptions {
  readonly deviceCode: boolean;
  readonly browserFlow: boolean;
  readonly browser: string | undefined;
  readonly container: string | undefined;
  readonly port: number;
}

function optionsOf(input: CommandInput): Omit<SignInOptions, 'port'> {
  return {
    deviceCode: input.flag('device-code'),
    browserFlow: input.flag('browser-flow'),
    browser: input.value('browser'),
    container: input.value('container'),
  };
}

/** Signs in as a bare `awsh sso login` would, for another command. */
export function signInHere(context: Context, session: SsoSession): Promise<void> {
  const none = { deviceCode: false, browserFlow: false, browser: undefined, container: undefined };
  return signInTo(context, session, { ...none, port: 0 });
}

async function signInTo(context: Context, session: SsoSession, options: SignInOptions): Promise<void> {
  const { environment, paths, clock } = context;
  const chosen = chooseFlow(session, options, environment);
  requireUser(context, session);
  const browser = () => chooseBrowser(options.browser, environment);
  // A browser that was named and is not there is said before anything is asked.
  if (options.browser !== undefined || options.container !== undefined)
    inContainer(browser(), options.container, new Secret(''));
  const open = async (address: string | Secret) => {
    const target = typeof address === 'string' ? new Secret(address) : address;
    const started = inContainer(browser(), options.container, target);
    await openBrowser(
      started.browser,
      writeSignInPage(paths.runtime, started.target, 'the sign-in'),
      environment,
    );
  };
  const showsStatus = environment.TERM !== 'dumb';
  const services = { paths, clock, environment, open, port: options.port, showsStatus };
  await signInAlone(context, session, () => signIn(session, chosen, services));
  tellSignedIn(context, session);
}

function tellSignedIn({ environment, clock, output }: Context, session: SsoSession): void {
  const found = readSignIn(signInPath(sessionKey(session), environment));
  if (found === null) return;
  const later = isRenewable(found, clock.now())
    ? 'renewed automatically while the session of your organisation lasts'
    : 'it cannot be renewed';
  const until = clockTime(found.ends / 1000);
  output.tell(`awsh: signed in to ${printable(sessionKey(session))} until ${until}; ${later}`);
}

function portOf(input: CommandInput): number {
  const text = input.value('port');
  if (text === undefined) return 0;
  const port = Number(text);
  if (/^[0-9]{1,5}$/.test(text) && port >= 1024 && port <= 65_535) return port;
  throw new UsageError(`--port is not a port: ${printable(text)}`, 'it is a number from 1024 to 65535');
}
