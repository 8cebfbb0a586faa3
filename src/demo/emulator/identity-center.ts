import { openRoleSession } from './assume-role.ts';
import { AwsError, type Call, type Reply, type Service } from './service.ts';
import type { Cloud } from './state.ts';

/** IAM Identity Center OIDC (CreateToken) and the access portal (GetRoleCredentials), at their paths. */
export const identityCenter: Service = {
  name: 'sso',
  claim({ method, url, body }) {
    const { pathname, searchParams } = new URL(url, 'http://emulator');
    if (method === 'POST' && pathname === '/token') return { action: 'CreateToken', params: textsOf(body) };
    if (pathname !== '/federation/credentials') return null;
    return { action: 'GetRoleCredentials', params: Object.fromEntries(searchParams) };
  },
  answer(request, call, cloud) {
    if (call.action === 'GetRoleCredentials')
      return roleCredentials(request.headers['x-amz-sso_bearer_token'] ?? '', call, cloud);
    if (call.params.grantType !== 'refresh_token')
      throw new AwsError('UnsupportedGrantTypeException', 400, 'only refresh_token');
    return reply(200, cloud.signIns.renew(call.params));
  },
  refuse: ({ code, status, message }) =>
    reply(status, { __type: code, error: oauthWord(code), error_description: message, message }),
};

/** `InvalidGrantException` is `invalid_grant` in the words of OAuth (RFC 6749). */
function oauthWord(code: string): string {
  return code
    .replace(/Exception$/, '')
    .replaceAll(/(?<!^)[A-Z]/g, (letter) => `_${letter}`)
    .toLowerCase();
}

function roleCredentials(token: string, call: Call, cloud: Cloud): Reply {
  if (!cloud.signIns.isGood(token))
    throw new AwsError('UnauthorizedException', 401, 'Session token not found or invalid');
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

function textsOf(body: Buffer): Record<string, string> {
  try {
    const fields: Record<string, unknown> = JSON.parse(body.toString('utf8'));
    return Object.fromEntries(
      Object.entries(fields).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    );
  } catch {
    return {};
  }
}

function reply(status: number, body: object): Reply {
  return { status, contentType: 'application/json', body: JSON.stringify(body) };
}
