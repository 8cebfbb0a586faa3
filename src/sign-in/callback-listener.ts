// The address on this machine to which the browser returns with the code of a sign-in.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { redirectPath } from '../sessions/index.ts';
import { AwshError, limitUnproven, Secret } from '../system/index.ts';

/** How the browser returned. */
export type Callback =
  | { readonly code: Secret }
  /** The page's own error code: `access_denied`. */
  | { readonly error: string };

export interface CallbackListener {
  /** `http://127.0.0.1:PORT/oauth/callback`. */
  readonly redirectUri: string;
  /** The one valid request. */
  readonly arrived: Promise<Callback>;
  /**
   * Accepts the address that a browser on another machine could not open; true if it is the
   * expected one.
   */
  take(address: string): boolean;
  close(): void;
}

const page = `<!doctype html>
<meta charset="utf-8">
<title>awsh</title>
<link rel="icon" href="data:,">
<p>You can close this page and return to the terminal.</p>
`;

/** A silent connection is closed soon, so that many of them cannot keep the browser out. */
const limits = {
  maxHeaderSize: 16_384,
  headersTimeout: 2000,
  requestTimeout: 3000,
  connectionsCheckingInterval: 500,
};

/** How long the browser has to read the page, in milliseconds. */
const graceMs = 2000;

/**
 * Listens on 127.0.0.1 only, before the browser is started. Accepts one request: GET of the path,
 * for this host and port, not from a script of another page, with the state that only the
 * authorization page knows. Anything else is answered with an error and changes nothing. Throws
 * AwshError if the port is in use.
 */
export async function listenForCallback(state: Secret, port = 0): Promise<CallbackListener> {
  let arrive: (callback: Callback) => void = () => {};
  const arrived = new Promise<Callback>((resolve) => {
    arrive = resolve;
  });
  let isOver = false;
  const server = createServer(limits, (request, response) => {
    const callback = isOver ? null : callbackOf(request, portOf(), state);
    answer(response, callback === null ? 400 : 200);
    if (callback !== null) finish(callback);
  });
  limitUnproven(server, 256);
  const portOf = () => (server.address() as AddressInfo | null)?.port ?? 0;
  const finish = (callback: Callback) => {
    isOver = true;
    arrive(callback);
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(portFault(error, port)));
    server.listen(port, '127.0.0.1', resolve);
  });
  const redirectUri = `http://127.0.0.1:${portOf()}${redirectPath}`;
  return {
    redirectUri,
    arrived,
    take(address) {
      const callback = isOver || !address.startsWith(`${redirectUri}?`) ? null : parametersOf(address, state);
      if (callback !== null) finish(callback);
      return callback !== null;
    },
    close() {
      server.close();
      setTimeout(() => server.closeAllConnections(), graceMs).unref();
    },
  };
}

function portFault({ code }: NodeJS.ErrnoException, port: number): AwshError {
  return new AwshError(
    'other',
    `cannot listen on port ${port} of this machine`,
    code === 'EADDRINUSE' ? 'another program uses it' : String(code),
    'choose another --port, or use --device-code',
  );
}

function callbackOf(request: IncomingMessage, port: number, state: Secret): Callback | null {
  const { method, url = '', headers } = request;
  const isOurs = method === 'GET' && headers.host === `127.0.0.1:${port}` && headers.origin === undefined;
  return isOurs && url.startsWith(`${redirectPath}?`) ? parametersOf(`http://127.0.0.1${url}`, state) : null;
}

/** Whatever its other parameters are, a request without the right state is not the page's. */
function parametersOf(address: string, state: Secret): Callback | null {
  if (!URL.canParse(address)) return null;
  const { searchParams } = new URL(address);
  if (!state.equals(new Secret(searchParams.get('state') ?? ''))) return null;
  const [code, error] = [searchParams.get('code'), searchParams.get('error')];
  if (error !== null) return { error: error.slice(0, 64) };
  return code !== null && /^[!-~]{1,16384}$/.test(code) ? { code: new Secret(code) } : null;
}

function answer(response: ServerResponse, status: number): void {
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'; img-src data:",
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    Connection: 'close',
  });
  response.end(status === 200 ? page : 'awsh is not waiting for this sign-in.\n');
}
