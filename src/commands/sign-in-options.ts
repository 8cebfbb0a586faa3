// Common to the sign-ins of `awsh sso login`: their options, the user, and the browser.
import type { CommandInput, Context } from '../cli/index.ts';
import { chooseBrowser, inContainer, openBrowser, writeSignInPage } from '../console/index.ts';
import { canPick } from '../prompt/index.ts';
import { inForeground, PersonNeededError, printable, Secret, UsageError } from '../system/index.ts';

/** The options of a sign-in on the command line. */
export interface SignInOptions {
  readonly deviceCode: boolean;
  readonly browserFlow: boolean;
  readonly noBrowser: boolean;
  readonly browser: string | undefined;
  readonly container: string | undefined;
  readonly port: number;
}

/** Throws UsageError. */
export function signInOptionsOf(input: CommandInput): SignInOptions {
  return {
    deviceCode: input.flag('device-code'),
    browserFlow: input.flag('browser-flow'),
    noBrowser: input.flag('no-browser'),
    browser: input.value('browser'),
    container: input.value('container'),
    port: portOf(input),
  };
}

function portOf(input: CommandInput): number {
  const text = input.value('port');
  if (text === undefined) return 0;
  const port = Number(text);
  if (/^[0-9]{1,5}$/.test(text) && port >= 1024 && port <= 65_535) return port;
  throw new UsageError(`--port is not a port: ${printable(text)}`, 'it is a number from 1024 to 65535');
}

/** The options of a bare `awsh sso login`. */
export const defaultSignInOptions: SignInOptions = {
  deviceCode: false,
  browserFlow: false,
  noBrowser: false,
  browser: undefined,
  container: undefined,
  port: 0,
};

/**
 * Throws if the user cannot answer, before AWS is called or a browser is opened. `command` signs in
 * to `what`.
 */
export function requireUser(context: Context, what: string, command: string): void {
  if (!context.asksNobody && !context.environment.CI && canPick()) return;
  throw new PersonNeededError(
    `a sign-in to ${printable(what)} needs you`,
    context.environment.CI
      ? 'CI is set, so awsh does not ask'
      : inForeground()
        ? 'there is no terminal'
        : 'a background job cannot ask',
    command,
    'sign-in',
  );
}

/**
 * Returns a function that opens a URL in the chosen browser; null for none. Throws at once if the
 * named browser does not exist.
 */
export function browserOpener(
  { environment, paths }: Context,
  options: SignInOptions,
): ((address: string | Secret) => Promise<void>) | null {
  if (options.noBrowser && (options.browser ?? options.container) !== undefined)
    throw new UsageError('--no-browser cannot be used with --browser or --container');
  if (options.noBrowser) return null;
  const browser = () => chooseBrowser(options.browser, environment);
  if (options.browser !== undefined || options.container !== undefined)
    inContainer(browser(), options.container, new Secret(''));
  return async (address) => {
    const target = typeof address === 'string' ? new Secret(address) : address;
    const started = inContainer(browser(), options.container, target);
    await openBrowser(
      started.browser,
      writeSignInPage(paths.runtime, started.target, 'the sign-in'),
      environment,
    );
  };
}
