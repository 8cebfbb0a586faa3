import { randomBytes } from 'node:crypto';
import { AwsError, type Call, type ReceivedRequest, type Reply, type Service } from './service.ts';
import type { Cloud, Session } from './state.ts';

/** The sessions, by sign-in token. */
const tokens = new WeakMap<Cloud, Map<string, Session>>();

/** The console's federation endpoint (IAM User Guide, "Enabling custom identity broker access to the AWS console"). */
export const federation: Service = {
  name: 'federation',
  claim(request) {
    const url = new URL(request.url, 'http://emulator');
    if (url.pathname !== '/federation') return null;
    const params = Object.fromEntries(url.searchParams);
    return { action: params.Action ?? '', params };
  },
  answer(request, call, cloud) {
    if (request.method !== 'GET') throw new AwsError('MethodNotAllowed', 405, 'only GET');
    if (call.action === 'getSigninToken') return getSigninToken(call, cloud);
    if (call.action === 'login') return login(call, cloud);
    throw new AwsError('InvalidAction', 400, 'unknown action');
  },
  refuse: (error: AwsError, _: ReceivedRequest) => page(error.status, error.message),
};

function getSigninToken(call: Call, cloud: Cloud): Reply {
  const { sessionId, sessionKey, sessionToken } = JSON.parse(call.params.Session ?? '{}');
  const session = cloud.sessions.get(sessionId);
  const known = session?.secret === sessionKey && session?.token === sessionToken;
  if (session === undefined || !known || session.expiresAt <= cloud.now()) {
    throw new AwsError('InvalidSession', 400, 'Bad Request');
  }
  // A user's own session (GetSessionToken) cannot open the console.
  if (!['role', 'federated'].includes(session.identity.kind))
    throw new AwsError('InvalidSession', 400, 'Bad Request');
  call.caller = session.identity.arn;
  const token = randomBytes(96).toString('base64url');
  const issued = tokens.get(cloud) ?? new Map<string, Session>();
  tokens.set(cloud, issued.set(token, session));
  return { status: 200, contentType: 'application/json', body: JSON.stringify({ SigninToken: token }) };
}

function login(call: Call, cloud: Cloud): Reply {
  const session = tokens.get(cloud)?.get(call.params.SigninToken ?? '');
  if (session === undefined) throw new AwsError('InvalidToken', 400, 'The sign-in token is not valid');
  call.caller = session.identity.arn;
  return page(200, `signed in as ${session.identity.arn}`);
}

function page(status: number, text: string): Reply {
  return { status, contentType: 'text/plain', body: `${text}\n` };
}
