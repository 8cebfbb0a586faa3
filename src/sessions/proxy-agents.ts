// Only connection.ts imports this file, by import(), if a proxy is set.
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

/** Reaches https servers through a proxy's CONNECT, except the hosts in NO_PROXY. */
export class TunnelAgent extends HttpsProxyAgent<string> {
  readonly #trust: TlsTrust;
  readonly #surroundings: Surroundings;

  constructor(proxy: URL, trust: TlsTrust, surroundings: Surroundings) {
    super(proxy, trust);
    this.#trust = trust;
    this.#surroundings = surroundings;
  }

  override async connect(request: ClientRequest, options: AgentConnectOpts): Promise<Socket> {
    // The base class uses its options for the proxy, and would check the server with Node's
    // defaults.
    const host = options.host ?? '';
    // It also drops the host if that is an IP address, and would expect a certificate for
    // localhost.
    const checkServerIdentity = (_: string, certificate: PeerCertificate) => nameFault(host, certificate);
    const checked = { ...options, ...this.#trust, checkServerIdentity };
    if (!bypassesProxy(host, Number(options.port), this.#surroundings))
      return this.#throughProxy(request, checked);
    if (!options.secureEndpoint) return connectPlain(options);
    return connectSecure({ ...checked, ...(isIP(host) === 0 && { servername: host }) });
  }

  /** The base class would pass on the proxy's refusal as if the server had sent it. */
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
