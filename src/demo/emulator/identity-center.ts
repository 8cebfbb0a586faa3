import { openRoleSession } from './assume-role.ts';
import { AwsError, type Call, type ReceivedRequest, type Reply, type Service } from './service.ts';
import type { Cloud } from './state.ts';

/** The actions, by method and path. */
const actions: Readonly<Record<string, string>> = {
  'POST /client/register': 'RegisterClient',
  'POST /device_authorization': 'StartDeviceAuthorization',
  'POST /token': 'CreateToken',
  'POST /logout': 'Logout',
  'GET /federation/credentials': 'GetRoleCredentials',
  'GET /authorize': 'AuthorizePage',
  'GET /device': 'DevicePage',
  'GET /assignment/accounts': 'ListAccounts',
  'GET /assignment/roles': 'ListAccountRoles',
};

/** IAM Identity Center: OIDC, its pages for the user, and the access portal, at their paths. */
export const identityCenter: Service = {
  name: 'sso',
  claim({ method, url, body }) {
    const { pathname, searchParams } = new URL(url, 'http://emulator');
    const action = actions[`${method} ${pathname}`];
    if (action === undefined) return null;
    const params = method === 'POST' ? textsOf(fieldsOf(body)) : Object.fromEntries(searchParams);
    return { action, params };
  },
  answer(request, call, cloud) {
    const { signIns } = cloud;
    const fields = fieldsOf(request.body);
    const bearer = request.headers['x-amz-sso_bearer_token'] ?? '';
    switch (call.action) {
      case 'RegisterClient':
        return reply(200, signIns.register(fields));
      case 'StartDeviceAuthorization':
        return reply(200, signIns.authorizeDevice(fields, `http://${request.headers.host}`));
      case 'CreateToken':
        return reply(200, signIns.token(fields));
      case 'Logout':
        if (!signIns.isGood(bearer)) throw new AwsError('UnauthorizedException', 401, 'Invalid token');
        signIns.revoke(bearer);
        return reply(200, {});
      case 'AuthorizePage':
        return authorizePage(request, cloud);
      case 'DevicePage':
        return devicePage(call.params, cloud);
      case 'ListAccounts':
      case 'ListAccountRoles':
        requireToken(bearer, cloud);
        return reply(200, cloud.organisation.answer(call.action, call.params, cloud.roles));
      default:
        return roleCredentials(bearer, call, cloud);
    }
  },
  refuse: ({ code, status, message }) =>
    reply(status, { __type: code, error: oauthWord(code), error_description: message, message }),
};

/** The page on which the user decides; either link leads back to the program that opened it. */
function authorizePage({ url }: ReceivedRequest, { signIns }: Cloud): Reply {
  const { searchParams } = new URL(url, 'http://emulator');
  const code = signIns.authorize(searchParams);
  return pageWithReturn('Allow awsh to use your roles?', code, searchParams);
}

/** A page whose links lead back to the program that opened it. */
export function pageWithReturn(question: string, code: string, asked: URLSearchParams): Reply {
  const back = (fields: Record<string, string>) => {
    const target = new URL(asked.get('redirect_uri') ?? '');
    for (const [name, value] of Object.entries({ ...fields, state: asked.get('state') ?? '' }))
      target.searchParams.set(name, value);
    return target.href;
  };
  return page(question, back({ code }), back({ error: 'access_denied' }));
}

/** Without a code that it knows, the page asks for one. */
function devicePage({ user_code: typed = '', answer }: Call['params'], { signIns }: Cloud): Reply {
  const userCode = typed.trim().toUpperCase();
  if (!signIns.hasDevice(userCode)) return codePage(userCode === '' ? '' : 'No such code. ');
  if (answer !== 'allow' && answer !== 'deny') {
    const link = (word: string) => `/device?user_code=${encodeURIComponent(userCode)}&answer=${word}`;
    return page(`Does your terminal show ${userCode}?`, link('allow'), link('deny'));
  }
  signIns.answerDevice(userCode, answer);
  return {
    status: 200,
    contentType: 'text/html',
    body: '<!doctype html><p>You can close this page.</p>\n',
  };
}

function codePage(problem: string): Reply {
  const form =
    '<form action="/device"><input name="user_code" aria-label="Code" autofocus> <button>Next</button></form>';
  const body = `<!doctype html><title>AWS</title><p>${problem}Enter the code that your terminal shows.</p>${form}\n`;
  return { status: 200, contentType: 'text/html', body };
}

function page(question: string, allow: string, deny: string): Reply {
  const link = (id: string, href: string, text: string) =>
    `<a id="${id}" href="${escapeHtml(href)}">${text}</a>`;
  const links = `${link('allow', allow, 'Allow')} ${link('deny', deny, 'Deny')}`;
  const body = `<!doctype html><title>AWS</title><p>${escapeHtml(question)}</p><p>${links}</p>\n`;
  return { status: 200, contentType: 'text/html', body };
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** `InvalidGrantException` is `invalid_grant` in OAuth (RFC 6749). */
function oauthWord(code: string): string {
  return code
    .replace(/Exception$/, '')
    .replaceAll(/(?<!^)[A-Z]/g, (letter) => `_${letter}`)
    .toLowerCase();
}

function requireToken(token: string, { signIns }: Cloud): void {
  if (!signIns.isGood(token))
    throw new AwsError('UnauthorizedException', 401, 'Session token not found or invalid');
}

function roleCredentials(token: string, call: Call, cloud: Cloud): Reply {
  requireToken(token, cloud);
  const { account_id: account = '', role_name: name = '' } = call.params;
  const role = cloud.findRole(`arn:aws:iam::${account}:role/${name}`);
  if (role === null) throw new AwsError('ForbiddenException', 403, 'No access');
  const session = openRoleSession(cloud, role, 'user', null, { transitiveTags: [], sourceIdentity: null });
  return reply(200, {
    roleCredentials: {
      accessKeyId: session.accessKeyId,
      secretAccessKey: session.secret,
      sessionToken: session.token,
      expiration: session.expiresAt.getTime(),
    },
  });
}

export function fieldsOf(body: Buffer): Record<string, unknown> {
  try {
    const fields: unknown = JSON.parse(body.toString('utf8'));
    return typeof fields === 'object' && fields !== null ? { ...fields } : {};
  } catch {
    return {};
  }
}

export function textsOf(fields: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

export function reply(status: number, body: object): Reply {
  return { status, contentType: 'application/json', body: JSON.stringify(body) };
}
