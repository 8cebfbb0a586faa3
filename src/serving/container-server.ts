import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { AwshError, type Clock, type Credentials, limitUnproven, rfc3339, Secret } from '../system/index.ts';
import { listenWithDescriptor } from './listening-descriptor.ts';

/** What the server gives, to which clients, and for how long. */
export interface Grant {
  /** The token, which only the command has. */
  readonly token: Secret;
  /**
   * Called for each request, before anything is given: false when the command has ended, or awsh is
   * locked.
   */
  readonly holds: () => boolean;
  readonly credentials: () => Promise<Credentials>;
  /** The credentials of another role, assumed with the same credentials. */
  readonly roleCredentials: (roleArn: string) => Promise<Credentials>;
  readonly clock: Clock;
}

export interface ContainerServer {
  readonly server: Server;
  readonly port: number;
  /** Of the listening socket. */
  readonly descriptor: number;
}

/** The address that the command gets. */
export const credentialsPath = '/credentials';

/**
 * The role that a path asks for, null for the command's own credentials, undefined for no route:
 * `/role-arn/ARN` as in aws-vault. Its proxy for Docker puts both after the path that the command
 * got.
 */
function askedRole(path: string): string | null | undefined {
  const [, role] = /^(?:\/credentials)?\/role-arn\/(arn:[\w+=,.@:/-]{1,300})$/.exec(path) ?? [];
  if (role !== undefined) return role;
  return path === credentialsPath || path === `${credentialsPath}/` ? null : undefined;
}

/**
 * The address of the container credentials protocol (`AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`),
 * which aws-vault's proxy for Docker uses. It is not a name, so DNS cannot make a page lead here.
 */
const containerHost = '169.254.170.2';

/** In milliseconds. SDKs need an expiry; for a key without one they ask again after this time. */
const unknownEndMs = 15 * 60_000;

/**
 * The container credentials protocol (AWS SDKs and Tools Reference Guide, "Container credential
 * provider") on 127.0.0.1 and a random port. Refuses anything other than a GET of a route with the
 * token, in a form that no browser sends (security rule 15).
 */
export async function startContainerServer(grant: Grant): Promise<ContainerServer> {
  // A browser, or a page with a name that was made to lead here (DNS rebinding).
  const isRightHost = (host: string, port: number) => host === `127.0.0.1:${port}` || host === containerHost;
  const server = newServer({ grant, isRightHost });
  const descriptor = await listenWithDescriptor(server);
  return { server, port: (server.address() as AddressInfo).port, descriptor };
}

/**
 * The same on a unix socket, only for its user. If a container or another machine forwards a port
 * to it, the Host header has that port. It gives one profile and no other role.
 */
export async function startSocketServer(
  grant: Omit<Grant, 'roleCredentials'>,
  path: string,
): Promise<Server> {
  const isRightHost = (host: string) => /^(127\.0\.0\.1|localhost)(:[0-9]{1,5})?$/.test(host);
  const server = newServer({ grant, isRightHost });
  await new Promise<void>((resolve, reject) => {
    // The socket is a file: its errors are those of the disk.
    server.once('error', (error) => reject(Object.assign(error, { syscall: 'open', path })));
    server.listen(path, resolve);
  });
  // Out of descriptors for a moment: one client is refused, and the server continues.
  server.on('error', () => {});
  return server;
}

interface Serving {
  readonly grant: Omit<Grant, 'roleCredentials'> & Partial<Pick<Grant, 'roleCredentials'>>;
  readonly isRightHost: (host: string, port: number) => boolean;
}

interface Answering extends Serving {
  /** The connection has shown the token. */
  readonly prove: (socket: Socket) => void;
}

function newServer(serving: Serving): Server {
  const server = createServer(
    { headersTimeout: 2000, requestTimeout: 5000, maxHeaderSize: 16_384, connectionsCheckingInterval: 1000 },
    (request, response) => void answer(request, response, { ...serving, prove }),
  );
  const prove = limitUnproven(server, 256);
  server.on('connect', (_, socket) => socket.destroy());
  server.on('upgrade', (_, socket) => socket.destroy());
  server.on('clientError', (_, socket) => socket.destroy());
  return server;
}

async function answer(request: IncomingMessage, response: ServerResponse, serving: Answering): Promise<void> {
  const { grant } = serving;
  try {
    const refusal = refusalOf(request, serving);
    if (refusal !== null) return send(response, refusal.status, { Code: refusal.code, Message: refusal.why });
    serving.prove(request.socket);
    const role = askedRole(request.url ?? '') ?? null;
    const credentials = await (role === null ? grant.credentials() : grant.roleCredentials?.(role));
    // awsh may have been locked while AWS was asked.
    if (grant.holds() && credentials !== undefined) send(response, 200, container(credentials, grant.clock));
    else send(response, 403, { Code: 'Ended', Message: 'awsh gives no more credentials here' });
  } catch (error) {
    send(response, 500, { Code: 'NoCredentials', Message: wordsOf(error) });
  }
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly why: string;
}

function refusalOf(request: IncomingMessage, { grant, isRightHost }: Serving): Refusal | null {
  const forbidden = (why: string) => ({ status: 403, code: 'Forbidden', why });
  const names = request.rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
  const once = (name: string) => names.filter((each) => each === name).length === 1;
  if (!once('host') || !isRightHost(request.headers.host ?? '', request.socket.localPort ?? 0)) {
    return forbidden('the Host header is not valid');
  }
  if (names.some((name) => name === 'origin' || name.startsWith('sec-'))) {
    return forbidden('this is not for browsers');
  }
  if (!once('authorization') || !grant.token.equals(new Secret(request.headers.authorization ?? ''))) {
    return forbidden('the Authorization header is not valid');
  }
  if (!grant.holds()) return { status: 403, code: 'Ended', why: 'awsh gives no more credentials here' };
  if (request.method !== 'GET') return { status: 405, code: 'MethodNotAllowed', why: 'only GET is answered' };
  const role = askedRole(request.url ?? '');
  if (role === undefined || (role !== null && grant.roleCredentials === undefined))
    return { status: 404, code: 'NotFound', why: 'there is nothing here' };
  return null;
}

/** The document that SDKs read; AccountId is for the newer ones. */
function container(credentials: Credentials, clock: Clock): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken, expiration, accountId } = credentials;
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey.reveal(),
    Token: sessionToken?.reveal() ?? '',
    Expiration: rfc3339(expiration ?? new Date(clock.now() + unknownEndMs)),
    ...(accountId !== null && { AccountId: accountId }),
  };
}

function send(response: ServerResponse, status: number, document: Record<string, string>): void {
  const body = JSON.stringify(document);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    Connection: 'close',
  });
  response.end(body);
}

/** SDKs show this text to the user; there is no other way to reach the user. */
function wordsOf(error: unknown): string {
  if (!(error instanceof AwshError)) return 'awsh: an unforeseen error';
  return [`awsh: ${error.what}`, error.why, error.next && `next: ${error.next}`].filter(Boolean).join('; ');
}
