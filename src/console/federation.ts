import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import {
  AwsRefusedError,
  type ConnectionFault,
  type Credentials,
  type HttpAnswer,
  httpRequest,
  isPassingStatus,
  jsonFields,
  NetworkError,
  Secret,
  unavailableHost,
  unreachableHost,
} from '../system/index.ts';
import type { ConsolePartition } from './partitions.ts';

/** The input of a console sign-in. */
export interface SignIn {
  readonly partition: ConsolePartition;
  /** A role's or a federated user's session: AWS accepts no other. */
  readonly credentials: Credentials;
  readonly destination: string;
  /** Ends an existing console session first. */
  readonly autoLogout: boolean;
  /** From the config file, replacing AWS's own: https, or on this machine. */
  readonly endpoint: string | null;
  /** The agents for the connection, with or without a proxy. They must check certificates. */
  readonly agents?: Agents | undefined;
  /** In milliseconds, for the call; 4 s by default. */
  readonly timeoutMs?: number;
}

interface Agents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

/** The limit of every call of awsh, in milliseconds. */
const longestMs = 4000;

/**
 * The URL that opens the console, valid for 15 minutes for anyone who has it (IAM User Guide,
 * "Enabling custom identity broker access to the AWS console"). Throws AwsRefusedError (exit 8),
 * NetworkError (9).
 */
export async function signInUrl(signIn: SignIn): Promise<Secret> {
  const base = signIn.endpoint ?? `https://${signIn.partition.signInHost}`;
  const token = await signInToken(new URL('/federation', base), signIn);
  const login = new URL('/federation', base);
  login.search = query({
    Action: 'login',
    Issuer: 'awsh',
    Destination: signIn.destination,
    SigninToken: token.reveal(),
  });
  if (!signIn.autoLogout) return new Secret(login.href);
  const logout = new URL('/oauth', base);
  logout.search = query({ Action: 'logout', redirect_uri: login.href });
  return new Secret(logout.href);
}

/** Escapes every value, including the whole login URL inside a logout's. */
function query(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}

async function signInToken(url: URL, signIn: SignIn): Promise<Secret> {
  const { credentials } = signIn;
  const session = JSON.stringify({
    sessionId: credentials.accessKeyId,
    sessionKey: credentials.secretAccessKey.reveal(),
    sessionToken: credentials.sessionToken?.reveal() ?? '',
  });
  url.search = query({ Action: 'getSigninToken', Session: session });
  const { status, body } = await get(url, signIn);
  if (isPassingStatus(status)) throw unavailableHost(url.host, status);
  if (status >= 400 && status < 500) {
    throw new AwsRefusedError(
      'SignInRefused',
      `AWS refused the sign-in (HTTP ${status})`,
      'the session has ended, or AWS does not accept this kind of session for the console',
      'try again',
    );
  }
  const token = status === 200 ? tokenIn(body) : null;
  if (token !== null) return token;
  throw new NetworkError(
    `${url.host} returned no sign-in token (HTTP ${status})`,
    'a proxy or a sign-in page may have answered instead',
    'check the network and try again',
  );
}

function tokenIn(body: string): Secret | null {
  const { SigninToken: token } = jsonFields(body);
  return typeof token === 'string' && /^[!-~]{1,16384}$/.test(token) ? new Secret(token) : null;
}

/** The URL contains a session: no error may show it. */
function get(url: URL, { agents, timeoutMs = longestMs }: SignIn): Promise<HttpAnswer> {
  const isPlain = url.protocol === 'http:';
  const { Agent } = process.getBuiltinModule(isPlain ? 'node:http' : 'node:https');
  const agent = (isPlain ? agents?.httpAgent : agents?.httpsAgent) ?? new Agent({ rejectUnauthorized: true });
  return httpRequest({ url: url.href, headers: {}, agent, timeoutMs }).catch((error: ConnectionFault) => {
    throw unreachableHost(url.host, error);
  });
}
