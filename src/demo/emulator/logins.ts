import { createHash, createPublicKey, type JsonWebKey, randomBytes, verify } from 'node:crypto';
import { AwsError } from './service.ts';

type Fields = Readonly<Record<string, unknown>>;

/** How the emulated AWS Sign-In handles `aws login`; a test changes these. */
export interface LoginRules {
  /** The user who signs in. */
  user: string;
  /** How long keys are valid, in seconds. */
  keySeconds: number;
  /** The error for each token request; null for none. */
  refusal: 'TOKEN_EXPIRED' | 'AUTHCODE_EXPIRED' | 'INSUFFICIENT_PERMISSIONS' | null;
}

/** A sign-in whose keys are requested. */
export interface GrantedLogin {
  readonly user: string;
  readonly refreshToken: string;
  /** Only after a sign-in by code. */
  readonly idToken: string | null;
}

const clients = /^arn:aws:signin:::devtools\/(same|cross)-device$/;

/**
 * The codes and refresh tokens of a cloud's AWS Sign-In; each is bound to the key of a DPoP proof
 * (RFC 9449).
 */
export class Logins {
  readonly rules: LoginRules = {
    user: 'arn:aws:iam::444455556666:user/jane',
    keySeconds: 900,
    refusal: null,
  };
  readonly #codes = new Map<string, { clientId: string; redirectUri: string; challenge: string }>();
  /** Each valid refresh token: its user, and the key that it is bound to. */
  readonly #refreshTokens = new Map<string, { user: string; clientId: string; key: string }>();

  constructor(private readonly now: () => Date) {}

  /** A code for the page of `/v1/authorize`. Throws {@link AwsError}. */
  authorize(query: URLSearchParams): string {
    const clientId = query.get('client_id') ?? '';
    const isAsked =
      clients.test(clientId) &&
      query.get('response_type') === 'code' &&
      query.get('code_challenge_method') === 'SHA-256' &&
      query.get('scope') === 'openid' &&
      Boolean(query.get('state'));
    if (!isAsked) throw new AwsError('ValidationException', 400, 'Invalid request');
    const code = word(24);
    const redirectUri = query.get('redirect_uri') ?? '';
    this.#codes.set(code, { clientId, redirectUri, challenge: query.get('code_challenge') ?? '' });
    return code;
  }

  /** The answer to POST /v1/token with the proof of its DPoP header. Throws {@link AwsError}. */
  token(fields: Fields, proof: string, url: string): GrantedLogin {
    const { refusal } = this.rules;
    if (refusal !== null) throw new AwsError(refusal, refusal.endsWith('EXPIRED') ? 401 : 403, 'Denied');
    const key = this.#keyOf(proof, url);
    return fields.grantType === 'refresh_token' ? this.#renew(fields, key) : this.#byCode(fields, key);
  }

  #byCode(fields: Fields, key: string): GrantedLogin {
    const known = this.#codes.get(String(fields.code));
    this.#codes.delete(String(fields.code));
    const challenge = createHash('sha256').update(String(fields.codeVerifier)).digest('base64url');
    const isSame =
      known?.clientId === fields.clientId &&
      known?.redirectUri === fields.redirectUri &&
      known?.challenge === challenge;
    if (!isSame) throw new AwsError('AUTHCODE_EXPIRED', 401, 'Invalid code');
    const { user } = this.rules;
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const idToken = [part({ alg: 'ES384', typ: 'JWT' }), part({ sub: user }), word(32)].join('.');
    return { user, idToken, refreshToken: this.#newRefreshToken(user, String(fields.clientId), key) };
  }

  #renew(fields: Fields, key: string): GrantedLogin {
    const known = this.#refreshTokens.get(String(fields.refreshToken));
    if (known === undefined || known.clientId !== fields.clientId || known.key !== key)
      throw new AwsError('TOKEN_EXPIRED', 401, 'Invalid refresh token');
    const { user, clientId } = known;
    return { user, idToken: null, refreshToken: this.#newRefreshToken(user, clientId, key) };
  }

  /** The public key of a valid proof for this very request. */
  #keyOf(proof: string, url: string): string {
    const [head = '', body = '', signature = ''] = proof.split('.');
    const header = fieldsOf(head);
    const { htm, htu, iat, jti } = fieldsOf(body);
    const age = Math.abs(this.now().getTime() / 1000 - Number(iat));
    const isFor = htm === 'POST' && htu === url && age < 300 && typeof jti === 'string';
    if (
      !isFor ||
      header.typ !== 'dpop+jwt' ||
      header.alg !== 'ES256' ||
      !isSigned(header, `${head}.${body}`, signature)
    )
      throw new AwsError('ValidationException', 400, 'Invalid DPoP proof');
    // SDKs write the fields of a key in different orders.
    const { x, y } = header.jwk as { x?: string; y?: string };
    return `${x} ${y}`;
  }

  #newRefreshToken(user: string, clientId: string, key: string): string {
    const token = `aorLOGIN${word(32)}`;
    this.#refreshTokens.set(token, { user, clientId, key });
    return token;
  }
}

function isSigned({ jwk }: Fields, text: string, signature: string): boolean {
  try {
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    const bytes = Buffer.from(signature, 'base64url');
    return verify('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, bytes);
  } catch {
    return false;
  }
}

function fieldsOf(part: string): Fields {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return {};
  }
}

function word(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}
