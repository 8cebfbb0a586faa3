import {
  type ClientRequest,
  type Agent as HttpAgent,
  type IncomingMessage,
  request as requestHttp,
} from 'node:http';
import { type Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { AwsRefusedError, type Credentials, NetworkError, Secret } from '../system/index.ts';
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
}

interface Agents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

const timeoutMs = 8000;
const longestReply = 64 * 1024;

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

async function signInToken(url: URL, { credentials, agents }: SignIn): Promise<Secret> {
  const session = JSON.stringify({
    sessionId: credentials.accessKeyId,
    sessionKey: credentials.secretAccessKey.reveal(),
    sessionToken: credentials.sessionToken?.reveal() ?? '',
  });
  url.search = query({ Action: 'getSigninToken', Session: session });
  const { status, body } = await get(url, agents);
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
  try {
    const { SigninToken: token } = JSON.parse(body);
    return typeof token === 'string' && /^[!-~]{1,16384}$/.test(token) ? new Secret(token) : null;
  } catch {
    return null;
  }
}

/** The address holds a session: no error may show it. */
function get(url: URL, agents: Agents | undefined): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const fail = () =>
      reject(
        new NetworkError(
          `${url.host} does not answer`,
          'the console’s sign-in could not be reached',
          'check the network and try again',
        ),
      );
    const signal = AbortSignal.timeout(timeoutMs);
    const answered = (response: IncomingMessage) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
        if (body.length > longestReply) sent.destroy();
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', fail);
      response.on('close', fail);
    };
    const sent: ClientRequest =
      url.protocol === 'https:'
        ? requestHttps(url, { signal, rejectUnauthorized: true, agent: agents?.httpsAgent }, answered)
        : requestHttp(url, { signal, agent: agents?.httpAgent }, answered);
    sent.on('error', fail);
    sent.end();
  });
}
