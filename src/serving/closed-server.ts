import { createServer, type Server } from 'node:http';
import { limitUnproven } from '../system/index.ts';

/** The descriptor of the keeper's socket (shell/keep-port.bash). */
const inheritedDescriptor = 3;

/**
 * The server of an `exec --server` whose credentials have ended: answers every request with 403, on
 * the socket that the port's keeper kept. It has no secret.
 */
export async function startClosedServer(): Promise<Server> {
  const body = JSON.stringify({
    Code: 'Ended',
    Message: 'awsh gives no more credentials here: it was locked, or its server died; run the command again',
  });
  const server = createServer(
    { headersTimeout: 2000, requestTimeout: 5000, maxHeaderSize: 16_384, connectionsCheckingInterval: 1000 },
    (_, response) => {
      response.writeHead(403, {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        'Cache-Control': 'no-store',
        Connection: 'close',
      });
      response.end(body);
    },
  );
  limitUnproven(server, 256);
  server.on('clientError', (_, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ fd: inheritedDescriptor }, resolve);
  });
  return server;
}
