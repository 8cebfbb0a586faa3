import { createServer as createHttp, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { connect } from 'node:net';
import { listening } from './loopback-server.ts';
import { selfSigned } from './self-signed.ts';

/** A real proxy: CONNECT for https, whole URLs for http. */
export interface LoopbackProxy {
  readonly url: string;
  /** `CONNECT host:port` and `POST http://…`, in order. */
  readonly passed: string[];
  /** The Proxy-Authorization headers received. */
  readonly signIns: (string | undefined)[];
}

/**
 * Every name resolves to loopback, or to `to` if a test connects to AWS's own hosts. With
 * `refuses`, CONNECT gets this HTTP status.
 */
export async function loopbackProxy({
  to,
  refuses,
}: {
  to?: number;
  refuses?: number;
} = {}): Promise<LoopbackProxy> {
  const passed: string[] = [];
  const signIns: (string | undefined)[] = [];
  const server = createHttp((incoming, outgoing) => {
    passed.push(`${incoming.method} ${incoming.url}`);
    signIns.push(incoming.headers['proxy-authorization']);
    forward(incoming, outgoing);
  });
  server.on('connect', (incoming, client) => {
    passed.push(`CONNECT ${incoming.url}`);
    signIns.push(incoming.headers['proxy-authorization']);
    if (refuses !== undefined) {
      client.end(`HTTP/1.1 ${refuses} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const port = to ?? Number(incoming.url?.split(':').at(-1));
    const target = connect(port, '127.0.0.1', () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
    target.on('error', () => client.destroy());
    client.on('error', () => target.destroy());
    target.pipe(client).pipe(target);
  });
  return { url: `http://127.0.0.1:${await listening(server)}`, passed, signIns };
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const url = new URL(incoming.url ?? '');
  const { method, headers } = incoming;
  const onward = request({
    host: '127.0.0.1',
    port: url.port,
    path: url.pathname + url.search,
    method,
    headers,
  });
  onward.on('response', (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}

/**
 * An https server on loopback in front of an http one, with an untrusted certificate. Returns its
 * port. It does not pass on a host in `redirects`.
 */
export async function secureFront(
  url: string,
  certificate = selfSigned,
  redirects: Readonly<Record<string, string>> = {},
): Promise<number> {
  const { port } = new URL(url);
  const server = createHttps(certificate, (incoming, outgoing) => {
    const { method, headers, url: path } = incoming;
    const location = redirects[headers.host ?? ''];
    if (location !== undefined) return void outgoing.writeHead(302, { location }).end();
    const onward = request({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  return listening(server as never);
}
