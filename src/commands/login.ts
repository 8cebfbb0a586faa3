import type { CommandInput, Context } from '../cli/index.ts';
import {
  chooseBrowser,
  consoleDestination,
  inContainer,
  openBrowser,
  partitionOfCaller,
  signInUrl,
  writeSignInPage,
} from '../console/index.ts';
import { agentsFor } from '../sessions/index.ts';
import { type Environment, refuseWhileLocked, Secret } from '../system/index.ts';
import { signInSession } from './sign-in-session.ts';

/** `awsh login [PROFILE]`: opens the AWS console, or prints the address that does. */
export async function run(context: Context, input: CommandInput): Promise<number> {
  refuseWhileLocked(context.paths);
  const { environment, output } = context;
  const prints = input.flag('stdout') || isTrue(environment, 'STDOUT');
  // What can be wrong with these is said before anybody is asked for an MFA code.
  const browser = prints ? null : chooseBrowser(input.value('browser'), environment);
  if (browser !== null) inContainer(browser, input.value('container'), new Secret(''));
  const session = await signInSession(context, input);
  const partition = partitionOfCaller(session.arn);
  const url = await signInUrl({
    partition,
    credentials: session.credentials,
    destination: consoleDestination(partition, {
      region: session.region,
      service: input.value('service'),
      path: input.value('path'),
    }),
    autoLogout: input.flag('auto-logout') || isTrue(environment, 'AUTO_LOGOUT'),
    endpoint: session.endpoint,
    agents: await agentsFor(session.connection, session.endpoint),
  });
  if (browser === null) await output.print(`${url.reveal()}\n`);
  else await open(context, browser, input.value('container'), url);
  return 0;
}

async function open(
  { environment, paths, output }: Context,
  browser: ReturnType<typeof chooseBrowser>,
  container: string | undefined,
  url: Secret,
): Promise<void> {
  const started = inContainer(browser, container, url);
  await openBrowser(started.browser, writeSignInPage(paths.runtime, started.target), environment);
  output.tell('awsh: opened the console in a browser; without one: awsh login --stdout');
}

/** AWSH_… wins over AWS_VAULT_…. */
function isTrue(environment: Environment, name: string): boolean {
  const value = environment[`AWSH_${name}`] || environment[`AWS_VAULT_${name}`] || '';
  return /^(1|t|true)$/i.test(value);
}
