import { AwsError, type ReceivedRequest } from './service.ts';
import { checkScope, checkSignature, checkSigningTime, readAuthorization } from './signature.ts';
import { type Cloud, type Identity, userIdentity } from './state.ts';

export interface Authenticated {
  readonly accessKeyId: string;
  readonly identity: Identity;
}

/**
 * The identity that signed the request. Throws AWS's refusal if the key, the token, the time or the
 * signature is wrong.
 */
export function authenticate(request: ReceivedRequest, service: string, cloud: Cloud): Authenticated {
  const authorization = readAuthorization(request);
  checkScope(request, authorization, service);
  const { accessKeyId } = authorization;
  const { secret, identity, expiresAt } = accessKeyId.startsWith('ASIA')
    ? sessionOf(accessKeyId, request.headers['x-amz-security-token'], cloud)
    : userOf(accessKeyId, request.headers['x-amz-security-token'], cloud);
  checkSigningTime(request, cloud.now());
  checkSignature(request, authorization, secret);
  if (expiresAt !== null && expiresAt <= cloud.now()) {
    throw new AwsError('ExpiredToken', 403, 'The security token included in the request is expired');
  }
  noteUse(accessKeyId, service, authorization.region, cloud);
  return { accessKeyId, identity };
}

function sessionOf(accessKeyId: string, token: string | undefined, cloud: Cloud) {
  const session = cloud.sessions.get(accessKeyId);
  if (session === undefined || session.token !== token) throw invalidToken();
  return session;
}

function userOf(accessKeyId: string, token: string | undefined, cloud: Cloud) {
  const found = cloud.findKey(accessKeyId);
  if (token !== undefined || found?.key.status !== 'Active') throw invalidToken();
  if (found.key.settledAt !== null && found.key.settledAt > cloud.now()) throw invalidToken();
  return { secret: found.key.secret, identity: userIdentity(found.user), expiresAt: null };
}

function noteUse(accessKeyId: string, service: string, region: string, cloud: Cloud): void {
  const found = cloud.findKey(accessKeyId);
  if (found !== null) found.key.lastUsed = { date: cloud.now(), service, region };
}

/**
 * AWS gives the same error for a key that is unknown, inactive or deleted, and for a token that is
 * wrong or missing.
 */
export function invalidToken(): AwsError {
  return new AwsError('InvalidClientTokenId', 403, 'The security token included in the request is invalid.');
}
