import { fetchAwaitedSessions } from '../agent/index.ts';
import type { CommandInput, Context } from '../cli/index.ts';
import { chooseBrowser, inContainer, openBrowser, writeSignInPage } from '../console/index.ts';
import { canPick } from '../prompt/index.ts';
import { signInGrant } from '../record/index.ts';
import {
  allSsoSessions,
  isRenewable,
  keepSignIn,
  readSignIn,
  type SsoSession,
  sessionKey,
  signInPath,
} from '../sessions/index.ts';
import { clockTime, unloadedEnvironment } from '../shell/index.ts';
import { chooseFlow, signIn, signInCommand } from '../sign-in/index.ts';
import {
  AwshError,
  CancelledError,
  inForeground,
  PersonNeededError,
  printable,
  refuseWhileLocked,
  Secret,
  UsageError,
} from '../system/index.ts';
import { recordHere } from './record-here.ts';
import { signInAlone } from './sso-flight.ts';
import { namedSession } from './sso-named.ts';

/** `awsh sso login [NAME]`. With --all, a session that fails does not keep the others from their turn; its status is the command's. */
export async function login(context: Context, input: CommandInput): Promise<number> {
  refuseWhileLocked(context.paths);
  const options = { ...optionsOf(input), port: portOf(input) };
  const signInIfNeeded = async (session: SsoSession) => {
    if (input.flag('if-needed') && (await isGood(context, session))) return;
    await signInTo(context, session, options);
  };
  if (!input.flag('all')) {
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
    context.output.tell('awsh: no profile uses IAM Identity Center: aws configure sso');
  return 0;
}

/** True if nothing has to be done: the token is good for more than five minutes, or was renewed now. */
async function isGood({ environment, clock, paths }: Context, session: SsoSession): Promise<boolean> {
  const { name, startUrl, tokenTarget, portalTarget, caBundle, caBundlePlace } = session;
  return keepSignIn(
    { session: name, startUrl, tokenTarget, target: portalTarget },
    {
      clock,
      locks: paths.locks,
      surroundings: environment,
      connection: { surroundings: environment, caBundle, caBundlePlace },
      commands: 'alone',
      promptMs: undefined,
    },
  );
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
  // If the browser that was named does not exist, the command ends before AWS is asked.
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
  await signInAlone(context, session, async () => {
    await signIn(session, chosen, services);
    await recordHere(context, signInGrant(sessionKey(session)));
  });
  await fetchAwaitedSessions(paths);
  tellSignedIn(context, session);
}

function tellSignedIn({ environment, output }: Context, session: SsoSession): void {
  const found = readSignIn(signInPath(sessionKey(session), environment));
  if (found === null) return;
  const later = isRenewable(found, found.ends)
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
