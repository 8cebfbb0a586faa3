import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import { bundleToTrust, type ConfiguredBundle } from './missing-bundle.ts';
import { type NamedProxy, proxyFor, proxyTo } from './proxy.ts';
import type { Surroundings } from './surroundings.ts';

/** How AWS is reached. */
export interface StsConnection extends ConfiguredBundle {
  /**
   * The variables for proxies (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY) and certificate
   * authorities (AWS_CA_BUNDLE).
   */
  readonly surroundings?: Surroundings | undefined;
  /** Used instead of all of the above. Agents must check certificates. */
  readonly httpAgent?: HttpAgent;
  readonly httpsAgent?: HttpsAgent;
  /**
   * In milliseconds, for a call with all its retries; 4 s by default, so that a command reports
   * within 5 s that there is no answer.
   */
  readonly timeoutMs?: number;
}

export interface Agents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

/**
 * The agents that connect to AWS, or to the endpoint in its place: directly or through the proxy,
 * trusting the authorities of AWS_CA_BUNDLE, else of ca_bundle, else Node's own. `address` is the
 * endpoint, or any of AWS's own hosts. Throws UsageError.
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
  // Loaded here because a cached session needs neither module.
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
  // For everything that Node's client and the SDK check, this is an https agent.
  return new TunnelAgent(proxy.url, trust, surroundings) as unknown as HttpsAgent;
}

/**
 * The agent itself applies NO_PROXY to each host that it connects to, because AWS has several. An
 * unsupported proxy is ignored for a host that is excepted.
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
  // Their debugging output contains whole requests with tokens, so it must be off before they are
  // loaded.
  delete process.env.DEBUG;
  return import('./proxy-agents.ts');
}

/** How the server's certificate is verified. */
export interface TlsTrust {
  readonly rejectUnauthorized: true;
  readonly ca?: string;
}

/**
 * ` through HTTPS_PROXY`, for errors, because users forget that a proxy is set. Empty if there is
 * none.
 */
export function throughProxy({ surroundings = {} }: StsConnection = {}, address: string): string {
  const proxy = proxyTo(new URL(address), surroundings);
  return proxy === null ? '' : ` through ${proxy.from}`;
}
