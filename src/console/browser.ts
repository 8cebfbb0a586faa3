import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { AwshError, type Environment, findProgram, printable, Secret, UsageError } from '../system/index.ts';

/** A browser as it will be started; the page's address comes after its words. */
export interface Browser {
  readonly program: string;
  readonly words: readonly string[];
  /** How it keeps several accounts apart; null where it is not known which browser it is. */
  readonly kind: BrowserKind | null;
}

type BrowserKind = 'firefox' | 'chrome';

/** Names for `--browser`, and what they are called as programs and as macOS applications. */
const known: Readonly<
  Record<string, { readonly programs: readonly string[]; readonly application: string }>
> = {
  firefox: { programs: ['firefox', 'firefox-esr'], application: 'Firefox' },
  chrome: { programs: ['google-chrome', 'google-chrome-stable', 'chrome'], application: 'Google Chrome' },
  chromium: { programs: ['chromium', 'chromium-browser'], application: 'Chromium' },
  edge: { programs: ['microsoft-edge', 'microsoft-edge-stable'], application: 'Microsoft Edge' },
  brave: { programs: ['brave-browser', 'brave'], application: 'Brave Browser' },
};

/**
 * The browser that was named (`--browser`), else $BROWSER, else the desktop's own. Programs are found by absolute PATH
 * entries that nobody else can write to. UsageError where the named one is not there, AwshError where there is none.
 */
export function chooseBrowser(
  named: string | undefined,
  environment: Environment,
  platform: NodeJS.Platform = process.platform,
): Browser {
  if (named !== undefined) {
    const found = byName(named, environment, platform);
    if (found !== null) return found;
    throw new UsageError(
      `there is no browser ${printable(named)}`,
      `known are ${Object.keys(known).join(', ')}`,
    );
  }
  // `%s` and options in $BROWSER would need a shell; only a program's name is taken.
  const fromEnvironment = (environment.BROWSER ?? '').split(':').filter((name) => /^[\w./+-]+$/.test(name));
  const openers = platform === 'darwin' ? ['open'] : ['wslview', 'xdg-open'];
  for (const name of [...fromEnvironment, ...openers]) {
    const program = findProgram(name, environment.PATH);
    if (program !== null) return { program, words: [], kind: kindOf(name) };
  }
  throw new AwshError('other', 'there is no browser to open', 'no xdg-open in PATH', 'awsh login --stdout');
}

function byName(named: string, environment: Environment, platform: NodeJS.Platform): Browser | null {
  const entry = Object.hasOwn(known, named) ? known[named] : undefined;
  for (const name of entry?.programs ?? [named]) {
    const program = findProgram(name, environment.PATH);
    if (program !== null) return { program, words: [], kind: kindOf(name) };
  }
  const open = platform === 'darwin' ? findProgram('open', environment.PATH) : null;
  if (entry === undefined || open === null) return null;
  return { program: open, words: ['-na', entry.application, '--args'], kind: kindOf(named) };
}

function kindOf(name: string): BrowserKind | null {
  const file = basename(name).toLowerCase();
  if (/firefox|librewolf|waterfox/.test(file)) return 'firefox';
  return /chrom|edge|brave|vivaldi|opera/.test(file) ? 'chrome' : null;
}

/** What the page is to lead to, and how the browser is started, so that this account stays apart from others. */
export function inContainer(
  browser: Browser,
  container: string | undefined,
  url: Secret,
): { readonly browser: Browser; readonly target: Secret } {
  if (container === undefined) return { browser, target: url };
  if (!/^[^\p{Cc}\p{Cf}]{1,64}$/u.test(container) || container.startsWith('-')) {
    throw new UsageError(
      '--container does not name a container or a browser profile',
      'a name has 1 to 64 characters and no dash at the beginning',
    );
  }
  if (browser.kind === 'chrome') {
    // A path in it would name a profile anywhere on the disk.
    if (/[/\\]|^\.\.?$/.test(container))
      throw new UsageError(
        '--container names a profile, not a path',
        'it is a folder below the data of the browser, as Default or Profile 1',
      );
    return {
      browser: { ...browser, words: [...browser.words, `--profile-directory=${container}`] },
      target: url,
    };
  }
  if (browser.kind === 'firefox') {
    // The link of the add-on "Open external links in a container", for Multi-Account Containers.
    const [name, address] = [container, url.reveal()].map(encodeURIComponent);
    return { browser, target: new Secret(`ext+container:name=${name}&url=${address}`) };
  }
  throw new UsageError(
    '--container needs to know the browser',
    'it is Firefox or one of the family of Chrome',
    'add --browser firefox',
  );
}

/** Starts it and does not wait. It gets none of the caller's AWS variables: it runs on long after them. */
export async function openBrowser(
  { program, words }: Browser,
  page: URL,
  environment: Environment,
): Promise<void> {
  const clean = Object.entries(environment).filter(([name]) => !/^(AWS|AWSH)_/.test(name));
  const child = spawn(program, [...words, page.href], {
    env: Object.fromEntries(clean),
    stdio: 'ignore',
    detached: true,
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', () =>
      reject(
        new AwshError(
          'other',
          `${printable(program)} could not be started`,
          undefined,
          'awsh login --stdout',
        ),
      ),
    );
  });
  child.unref();
}
