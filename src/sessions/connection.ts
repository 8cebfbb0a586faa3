import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import { bundleToTrust, type ConfiguredBundle } from './missing-bundle.ts';
import { type NamedProxy, proxyFor, proxyTo } from './proxy.ts';
import type { Surroundings } from './surroundings.ts';

/** How AWS is reached. */
export interface StsConnection extends ConfiguredBundle {
  /** Where proxies (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY) and certificate authorities (AWS_CA_BUNDLE) are named. */
  readonly surroundings?: Surroundings | undefined;
  /** In place of all that. Agents must check certificates. */
  readonly httpAgent?: HttpAgent;
  readonly httpsAgent?: HttpsAgent;
  /** For a call with all its retries; 4 s by default, so that a command says within 5 s that nobody answers. */
  readonly timeoutMs?: number;
}

export interface Agents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

/**
 * What connects to AWS, or to the endpoint in its place: directly or through the proxy, trusting the authorities of
 * AWS_CA_BUNDLE, else of ca_bundle, else those that Node brings. `address` is the endpoint, or any of AWS's own hosts.
 * Throws UsageError.
 */
export async function agentsFor(connection: StsConnection = {}, address: string): Promise<Agents> {
  const { surroundings = {} } = connection;
  const trust: TlsTrust = { rejectUnauthorized: true, ...bundleToTrust(connection, surroundings) };
  const url = new URL(address);
  const isPlain = url.protocol === 'http:';
  const httpAgent = connection.httpAgent ?? (await plainAgent(isPlain ? url : null, surroundings));
  const httpsAgent = connection.httpsAgent ?? (await secureAgent(isPlain ? null : url, trust, surroundings));
  return { httpAgent, httpsAgent };
}

async function plainAgent(url: URL | null, surroundings: Surroundings): Promise<HttpAgent> {
  // Loaded here: a session from the cache needs neither this nor the other.
  const { Agent } = process.getBuiltinModule('node:http');
  const proxy = url && proxyTo(url, surroundings);
  if (!proxy) return new Agent();
  const { HttpProxyAgent } = await proxyAgents();
  return new HttpProxyAgent(proxy.url);
}

async function secureAgent(
  url: URL | null,
  trust: TlsTrust,
  surroundings: Surroundings,
): Promise<HttpsAgent> {
  const { Agent } = process.getBuiltinModule('node:https');
  const proxy = url && secureProxy(url, surroundings);
  if (!proxy) return new Agent(trust);
  const { TunnelAgent } = await proxyAgents();
  // It is an agent for https by all that Node's client and the SDK look at.
  return new TunnelAgent(proxy.url, trust, surroundings) as unknown as HttpsAgent;
}

/**
 * The agent looks at NO_PROXY itself, for each host that it connects to: AWS has several. A proxy that awsh cannot speak to
 * is none where this one is excepted.
 */
function secureProxy(url: URL, surroundings: Surroundings): NamedProxy | null {
  const proxy = proxyTo(url, surroundings);
  if (proxy !== null) return proxy;
  try {
    return proxyFor('https:', surroundings);
  } catch {
    return null;
  }
}

async function proxyAgents(): Promise<typeof import('./proxy-agents.ts')> {
  // Their debugging output shows whole requests, tokens included: it must be off before they are loaded.
  delete process.env.DEBUG;
  return import('./proxy-agents.ts');
}

/** How a server proves its name. */
export interface TlsTrust {
  readonly rejectUnauthorized: true;
  readonly ca?: string;
}

/** ` through HTTPS_PROXY`, for errors: a proxy is what people forget. Empty where there is none. */
export function throughProxy({ surroundings = {} }: StsConnection = {}, address: string): string {
  const proxy = proxyTo(new URL(address), surroundings);
  return proxy === null ? '' : ` through ${proxy.from}`;
}
