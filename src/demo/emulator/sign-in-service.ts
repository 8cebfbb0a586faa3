import { escapeHtml, fieldsOf, pageWithReturn, reply, textsOf } from './identity-center.ts';
import { AwsError, type ReceivedRequest, type Reply, type Service } from './service.ts';
import { type Cloud, userIdentity } from './state.ts';

const actions: Readonly<Record<string, string>> = {
  'GET /v1/authorize': 'LoginPage',
  'GET /v1/sessions/confirmation': 'LoginCodePage',
  'POST /v1/token': 'CreateOAuth2Token',
};

/**
 * AWS Sign-In as `aws login` uses it: the page for the user, the page with a code, and the keys.
 */
export const signInService: Service = {
  name: 'signin',
  claim({ method, url, body }) {
    const { pathname, searchParams } = new URL(url, 'http://emulator');
    const action = actions[`${method} ${pathname}`];
    if (action === undefined) return null;
    const params = method === 'POST' ? textsOf(fieldsOf(body)) : Object.fromEntries(searchParams);
    return { action, params };
  },
  answer(request, { action }, cloud) {
    if (action === 'LoginPage') return loginPage(request, cloud);
    return action === 'LoginCodePage' ? codePage(request) : token(request, cloud);
  },
  refuse: ({ code, status, message }) =>
    reply(status, { __type: 'AccessDeniedException', error: code, message }),
};

function loginPage({ url }: ReceivedRequest, { logins }: Cloud): Reply {
  const { searchParams } = new URL(url, 'http://emulator');
  return pageWithReturn('Continue with this session?', logins.authorize(searchParams), searchParams);
}

/** The page with the text that the user pastes. */
function codePage({ url }: ReceivedRequest): Reply {
  const { search } = new URL(url, 'http://emulator');
  const code = Buffer.from(search.slice(1)).toString('base64');
  const body = `<!doctype html><title>AWS</title><p>Your code: <code id="code">${escapeHtml(code)}</code></p>\n`;
  return { status: 200, contentType: 'text/html', body };
}

function token({ body, headers }: ReceivedRequest, cloud: Cloud): Reply {
  const { logins } = cloud;
  const url = `http://${headers.host}/v1/token`;
  const { user, refreshToken, idToken } = logins.token(fieldsOf(body), headers.dpop ?? '', url);
  const known = cloud.users.find(({ arn }) => arn === user);
  if (known === undefined) throw new AwsError('INSUFFICIENT_PERMISSIONS', 403, 'No such user');
  const session = cloud.openSession(
    { ...userIdentity(known), kind: 'session-token' },
    logins.rules.keySeconds,
  );
  return reply(200, {
    accessToken: {
      accessKeyId: session.accessKeyId,
      secretAccessKey: session.secret,
      sessionToken: session.token,
    },
    tokenType: 'aws_sigv4',
    expiresIn: logins.rules.keySeconds,
    refreshToken,
    ...(idToken !== null && { idToken }),
  });
}
