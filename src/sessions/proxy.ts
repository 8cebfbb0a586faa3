import { printable, UsageError } from '../system/index.ts';
import type { Surroundings } from './surroundings.ts';

export interface NamedProxy {
  readonly url: URL;
  /** The variable that names it. */
  readonly from: string;
}

/**
 * The proxy for http or https: HTTP_PROXY or HTTPS_PROXY, or else ALL_PROXY; the lower-case name
 * takes precedence, as in curl (its manual, "ENVIRONMENT") and Python. Null if none is set. Throws
 * UsageError, without a password in it, for an unsupported proxy: silently connecting directly
 * could reveal traffic that must go through it.
 */
export function proxyFor(protocol: string, surroundings: Surroundings): NamedProxy | null {
  const own = protocol === 'http:' ? 'http_proxy' : 'https_proxy';
  const names = [own, own.toUpperCase(), 'all_proxy', 'ALL_PROXY'];
  const from = names.find((name) => surroundings[name]?.trim());
  if (from === undefined) return null;
  const url = proxyUrl(surroundings[from]);
  if (url !== null && isSupported(url)) return { url, from };
  const unusable = names.filter((name) => {
    const named = proxyUrl(surroundings[name]);
    return surroundings[name]?.trim() && !(named !== null && isSupported(named));
  });
  throw new UsageError(
    `the proxy in ${from} ${kindOf(url)}`,
    `only http:// and https:// proxies work here, and a proxy that is set is never bypassed; set ${own.toUpperCase()} to such a proxy, or remove this one to connect directly`,
    `unset ${unusable.join(' ')}`,
  );
}

function proxyUrl(value = ''): URL | null {
  const trimmed = value.trim();
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`;
  return URL.canParse(text) ? new URL(text) : null;
}

function isSupported({ protocol, hostname }: URL): boolean {
  return /^https?:$/.test(protocol) && hostname !== '';
}

function kindOf(url: URL | null): string {
  if (url === null || /^https?:$/.test(url.protocol)) return 'is not an address';
  if (/^socks/.test(url.protocol)) return 'is a SOCKS proxy';
  return `is a ${printable(url.protocol.slice(0, 20))}// proxy`;
}

/**
 * Like {@link proxyFor}, for one URL: also null if NO_PROXY excepts it, in which case an
 * unsupported proxy is no error.
 */
export function proxyTo(url: URL, surroundings: Surroundings): NamedProxy | null {
  const port = Number(url.port || (url.protocol === 'http:' ? 80 : 443));
  return bypassesProxy(url.hostname, port, surroundings) ? null : proxyFor(url.protocol, surroundings);
}

/**
 * True if NO_PROXY excepts a host. It accepts names including their subdomains (`.example.com` and
 * `*.example.com` as well as `example.com`), IP addresses, networks such as 10.0.0.0/8, each with
 * or without a port, and `*` for everything.
 */
export function bypassesProxy(host: string, port: number, surroundings: Surroundings): boolean {
  const list = surroundings.no_proxy || surroundings.NO_PROXY || '';
  const name = host.toLowerCase().replace(/^\[|\]$|\.$/g, '');
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry !== '' && matches(entry, name, port));
}

function matches(entry: string, host: string, port: number): boolean {
  const { isIP } = net();
  if (entry === '*') return true;
  const [, address = '', network, wantedPort] =
    /^(\[[0-9a-f:.]+\]|[^:/]+|[0-9a-f:.]+)(?:\/(\d{1,3}))?(?::(\d{1,5}))?$/.exec(entry) ?? [];
  if (wantedPort !== undefined && Number(wantedPort) !== port) return false;
  const pattern = address.replace(/^\[|\]$/g, '').replace(/^\*?\./, '');
  if (network !== undefined) return inNetwork(host, pattern, Number(network));
  return pattern !== '' && (host === pattern || (isIP(host) === 0 && host.endsWith(`.${pattern}`)));
}

function inNetwork(host: string, network: string, bits: number): boolean {
  const { BlockList, isIP } = net();
  const family = isIP(host);
  if (family === 0 || family !== isIP(network) || bits > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(network, bits, kind);
  return list.check(host, kind);
}

/** Loaded only if a proxy is set: a cached session does not need it. */
function net(): typeof import('node:net') {
  return process.getBuiltinModule('node:net');
}
