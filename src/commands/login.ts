import type { CommandInput, Context } from '../cli/index.ts';
import {
  type Browser,
  checkConsolePage,
  chooseBrowser,
  consoleDestination,
  inContainer,
  openBrowser,
  partitionOfCaller,
  signInUrl,
  writeSignInPage,
} from '../console/index.ts';
import { realRegion } from '../profiles/index.ts';
import { grantOfKeys } from '../record/index.ts';
import { agentsFor } from '../sessions/index.ts';
import { type Environment, refuseWhileLocked, Secret, UsageError } from '../system/index.ts';
import { refuseInsideOnly } from './nested-request.ts';
import { recordHere, recordingRefusals } from './record-here.ts';
import { planOptions } from './requested-session.ts';
import { checkSignInSource, signInSession } from './sign-in-session.ts';

/** The console has no page for `aws-global` and the like. */
function consoleRegion(region: string | null): string | null {
  return region === null ? null : (realRegion(region)?.region ?? region);
}

/** `awsh login [PROFILE]`: opens the AWS console, or prints the URL. */
export async function run(context: Context, input: CommandInput): Promise<number> {
  return recordingRefusals(context, 'login', () => openConsole(context, input), input);
}

async function openConsole(context: Context, input: CommandInput): Promise<number> {
  refuseWhileLocked(context.paths);
  refuseInsideOnly(context.environment);
  const { environment, output } = context;
  // Errors in the command line are reported before the user is asked or AWS is called.
  const page = { service: input.value('service'), path: input.value('path') };
  checkConsolePage({ ...page, region: consoleRegion(planOptions(input).region ?? null) });
  checkSignInSource(context, input);
  const browser = wantedBrowser(input, environment);
  const session = await signInSession(context, input);
  await recordHere(context, grantOfKeys('login', session.plan, session.credentials));
  const partition = partitionOfCaller(session.arn);
  const url = await signInUrl({
    partition,
    credentials: session.credentials,
    destination: consoleDestination(partition, { ...page, region: consoleRegion(session.region) }),
    autoLogout: input.flag('auto-logout') || isTrue(environment, 'AUTO_LOGOUT'),
    endpoint: session.endpoint,
    agents: await agentsFor(session.connection, session.endpoint ?? `https://${partition.signInHost}`),
  });
  if (browser === null) await output.print(`${url.reveal()}\n`);
  else await open(context, browser, input.value('container'), url);
  return 0;
}

/** The browser to open, with its container; null if the URL must be printed instead. */
function wantedBrowser(input: CommandInput, environment: Environment): Browser | null {
  const named = (['browser', 'container'] as const).find((option) => input.value(option) !== undefined);
  if (input.flag('stdout') && named !== undefined) {
    throw new UsageError(`--stdout and --${named} cannot be used together`, '--stdout opens no browser');
  }
  if (input.flag('stdout') || (named === undefined && isTrue(environment, 'STDOUT'))) return null;
  const browser = chooseBrowser(input.value('browser'), environment);
  inContainer(browser, input.value('container'), new Secret(''));
  return browser;
}

async function open(
  { environment, paths, output }: Context,
  browser: Browser,
  container: string | undefined,
  url: Secret,
): Promise<void> {
  const started = inContainer(browser, container, url);
  await openBrowser(started.browser, writeSignInPage(paths.runtime, started.target), environment);
  output.tell('awsh: opened the console in a browser; without one: awsh login --stdout');
}

/** AWSH_… takes precedence over AWS_VAULT_…. */
function isTrue(environment: Environment, name: string): boolean {
  const value = environment[`AWSH_${name}`] || environment[`AWS_VAULT_${name}`] || '';
  return /^(1|t|true)$/i.test(value);
}
