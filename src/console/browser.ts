import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { AwshError, type Environment, findProgram, printable, Secret, UsageError } from '../system/index.ts';

/** A browser's command line; the URL of the page is added at the end. */
export interface Browser {
  readonly program: string;
  readonly words: readonly string[];
  /** How it separates several accounts; null for an unknown browser. */
  readonly kind: BrowserKind | null;
}

type BrowserKind = 'firefox' | 'chrome';

/** Names for `--browser`, with the programs and the macOS applications they mean. */
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
 * The named browser (`--browser`), else $BROWSER, else the desktop's own. Programs are searched
 * only in absolute PATH entries that no other user can write to. Throws UsageError if the named one
 * does not exist, AwshError if there is none.
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
      `the known names are ${Object.keys(known).join(', ')}`,
    );
  }
  // `%s` and options in $BROWSER would need a shell, so only program names are used.
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

/** The URL and the browser's command line that keep this account separate from others. */
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
    // With a path in it, it would name a browser profile anywhere on the disk.
    if (/[/\\]|^\.\.?$/.test(container))
      throw new UsageError(
        '--container names a profile, not a path',
        'it is a folder in the data of the browser, such as Default or Profile 1',
      );
    return {
      browser: { ...browser, words: [...browser.words, `--profile-directory=${container}`] },
      target: url,
    };
  }
  if (browser.kind === 'firefox') {
    // The link format of the add-on "Open external links in a container", for Multi-Account
    // Containers.
    const [name, address] = [container, url.reveal()].map(encodeURIComponent);
    return { browser, target: new Secret(`ext+container:name=${name}&url=${address}`) };
  }
  throw new UsageError(
    '--container needs to know the browser',
    'it must be Firefox or one of the Chrome family',
    'add --browser firefox',
  );
}

/**
 * Starts the browser and does not wait. It gets none of the caller's AWS variables, because it may
 * run long after they expire.
 */
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
