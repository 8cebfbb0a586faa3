// Only connection.ts reaches this file, by import(), where a proxy is set.
import type { ClientRequest } from 'node:http';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectSecure, checkServerIdentity as nameFault, type PeerCertificate } from 'node:tls';
import type { AgentConnectOpts } from 'agent-base';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { proxyRefused } from '../system/index.ts';
import type { TlsTrust } from './connection.ts';
import { bypassesProxy } from './proxy.ts';
import type { Surroundings } from './surroundings.ts';

export { HttpProxyAgent } from 'http-proxy-agent';

/** Reaches https servers through a proxy's CONNECT, but for the hosts of NO_PROXY. */
export class TunnelAgent extends HttpsProxyAgent<string> {
  readonly #trust: TlsTrust;
  readonly #surroundings: Surroundings;

  constructor(proxy: URL, trust: TlsTrust, surroundings: Surroundings) {
    super(proxy, trust);
    this.#trust = trust;
    this.#surroundings = surroundings;
  }

  override async connect(request: ClientRequest, options: AgentConnectOpts): Promise<Socket> {
    // The base class keeps its own options for the proxy, and would check the server by Node's defaults.
    const host = options.host ?? '';
    // It also forgets the host where that is an address, and would look for a certificate of localhost.
    const checkServerIdentity = (_: string, certificate: PeerCertificate) => nameFault(host, certificate);
    const checked = { ...options, ...this.#trust, checkServerIdentity };
    if (!bypassesProxy(host, Number(options.port), this.#surroundings))
      return this.#throughProxy(request, checked);
    if (!options.secureEndpoint) return connectPlain(options);
    return connectSecure({ ...checked, ...(isIP(host) === 0 && { servername: host }) });
  }

  /** The base class passes the proxy's refusal on as if the server had sent it. */
  async #throughProxy(request: ClientRequest, options: AgentConnectOpts): Promise<Socket> {
    let status = 200;
    request.once('proxyConnect', (reply: { statusCode: number }) => {
      status = reply.statusCode;
    });
    const socket = await super.connect(request, options);
    if (status === 200) return socket;
    socket.destroy();
    throw proxyRefused(status);
  }
}
