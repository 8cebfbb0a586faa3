import { printable, UsageError } from '../system/index.ts';
import { type ConsolePartition, consolePartitions } from './partitions.ts';
import { servicePage } from './service-pages.ts';

/** The requested page of the console. */
export interface ConsolePage {
  readonly region: string | null;
  /** A service's short name, such as `s3`. */
  readonly service?: string | undefined;
  /** A path, or a whole URL, within the console. */
  readonly path?: string | undefined;
}

/**
 * The page's URL. Throws UsageError for anything outside of this partition's console. The host is
 * checked after parsing, because `//evil` and `/\\evil` name one, too (security rule 23).
 */
export function consoleDestination(partition: ConsolePartition, page: ConsolePage): string {
  const { region } = page;
  if (
    region !== null &&
    !(/^[a-z]{2,}(-[a-z]+)+-[0-9]{1,2}$/.test(region) && partition.regions.test(region))
  ) {
    throw new UsageError(
      `region ${printable(region)} is not in partition ${partition.id}`,
      'the credentials are for that partition',
    );
  }
  const base = `https://${region === null ? '' : `${region}.`}${partition.domain}/`;
  const path = pathOf(page);
  // A URL parser drops tabs and line ends, and reads a backslash as a slash.
  const url = /[\0-\x20\x7f\\]/.test(path) || !URL.canParse(path, base) ? null : new URL(path, base);
  if (url === null || !isOfConsole(url, partition)) {
    throw new UsageError(
      `--path leads out of the console: ${JSON.stringify(printable(path))}`,
      `it is a path below ${partition.domain}`,
    );
  }
  if (region !== null && !url.searchParams.has('region')) url.searchParams.set('region', region);
  return url.href;
}

/**
 * Throws UsageError for a page that no partition's console has; used before the caller's partition
 * is known.
 */
export function checkConsolePage(page: ConsolePage): void {
  const faults = consolePartitions.flatMap((partition) => {
    try {
      consoleDestination(partition, page);
      return [];
    } catch (error) {
      return [error];
    }
  });
  if (faults.length === consolePartitions.length) throw faults.at(-1);
}

function pathOf({ service, path, region }: ConsolePage): string {
  if (service !== undefined && path !== undefined) {
    throw new UsageError('--service and --path cannot be used together', 'each names the page to open');
  }
  if (path !== undefined) return path;
  if (service === undefined) return region === null ? '' : 'console/home';
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(service)) {
    throw new UsageError(
      `--service does not name a service: ${JSON.stringify(printable(service))}`,
      'a name has small letters, digits and dashes',
    );
  }
  return servicePage(service);
}

function isOfConsole(url: URL, { domain }: ConsolePartition): boolean {
  const isHost = url.hostname === domain || url.hostname.endsWith(`.${domain}`);
  const isPlain = url.username === '' && url.password === '' && url.port === '';
  return url.protocol === 'https:' && isHost && isPlain && !url.pathname.startsWith('//');
}
