import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** One request, as received. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

export interface LoopbackServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly received: Received[];
}

/** A small HTTP server for one test: a portal, a metadata service, a container's agent. */
export async function loopbackServer(
  answer: (request: Received, response: ServerResponse) => void,
): Promise<LoopbackServer> {
  const received: Received[] = [];
  const server = createServer((incoming, response) => {
    const request = { method: incoming.method ?? '', url: incoming.url ?? '', headers: incoming.headers };
    received.push(request);
    answer(request, response);
  });
  return { url: `http://127.0.0.1:${await listening(server)}`, received };
}

/** Listens on a free port until the test ends, and returns the port. */
export async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

export function json(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** Keys in AWS's form, valid for an hour, in the format of the metadata services. */
export function machineKeys(id = 'ASIAMACHINE000000000') {
  return {
    Code: 'Success',
    AccessKeyId: id,
    SecretAccessKey: 'machine-secret',
    Token: 'machine-token',
    Expiration: new Date(Date.now() + 3600_000).toISOString(),
  };
}
