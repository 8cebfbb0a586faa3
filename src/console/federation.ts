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

/** What it takes to sign in. */
export interface SignIn {
  readonly partition: ConsolePartition;
  /** A role's or a federated user's session: AWS signs nobody else in. */
  readonly credentials: Credentials;
  readonly destination: string;
  /** Signs whoever is signed in out first. */
  readonly autoLogout: boolean;
  /** From the config file, in place of AWS's own: https, or this machine. */
  readonly endpoint: string | null;
  /** How it is reached, through a proxy or not. They must check certificates. */
  readonly agents?: Agents | undefined;
  /** For the call; 4 s by default. */
  readonly timeoutMs?: number;
}

interface Agents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

/** As for every other call of awsh, in milliseconds. */
const longestMs = 4000;

/**
 * The address that opens the console, good for 15 minutes and for whoever has it first (IAM User Guide, "Enabling custom
 * identity broker access to the AWS console"). AwsRefusedError (exit 8), NetworkError (9).
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

/** Every value is escaped, the whole login address inside a logout's too. */
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
      'the session has ended, or is of a kind that opens no console',
      'try again',
    );
  }
  const token = status === 200 ? tokenIn(body) : null;
  if (token !== null) return token;
  throw new NetworkError(
    `${url.host} gave no sign-in token (HTTP ${status})`,
    'a proxy or a sign-in page may answer in its place',
    'check the network and try again',
  );
}

function tokenIn(body: string): Secret | null {
  const { SigninToken: token } = jsonFields(body);
  return typeof token === 'string' && /^[!-~]{1,16384}$/.test(token) ? new Secret(token) : null;
}

/** The address holds a session: no error may show it. */
function get(url: URL, { agents, timeoutMs = longestMs }: SignIn): Promise<HttpAnswer> {
  const isPlain = url.protocol === 'http:';
  const { Agent } = process.getBuiltinModule(isPlain ? 'node:http' : 'node:https');
  const agent = (isPlain ? agents?.httpAgent : agents?.httpsAgent) ?? new Agent({ rejectUnauthorized: true });
  return httpRequest({ url: url.href, headers: {}, agent, timeoutMs }).catch((error: ConnectionFault) => {
    throw unreachableHost(url.host, error);
  });
}
