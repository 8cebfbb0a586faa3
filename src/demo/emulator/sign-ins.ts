import { createHash, randomBytes } from 'node:crypto';
import { AwsError } from './service.ts';

/** How the emulated IAM Identity Center handles sign-ins; a test changes these. */
export interface SignInRules {
  /** How long a new access token is valid, in seconds. */
  accessSeconds: number;
  /** A refresh token is valid once, and each renewal returns another one. */
  rotates: boolean;
  /** A renewal's reply contains a refresh token; without one, the old one stays valid. */
  repliesRefreshToken: boolean;
  /** The organisation's session is over: no sign-in can be renewed. */
  isOver: boolean;
  /** How often a device is told to wait, and to ask less often, before the user's answer counts. */
  pending: number;
  slowDown: number;
  /** The user's answer; null waits for the page. */
  answer: 'allow' | 'deny' | null;
  /** Seconds between two requests of a device. */
  interval: number;
}

/** A client's registration and the tokens of one sign-in, as in a file in `~/.aws/sso/cache`. */
export interface EmulatedSignIn {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
  readonly grantTypes: readonly string[];
  readonly redirectUris: readonly string[];
}

interface DeviceCode {
  readonly client: Client;
  readonly userCode: string;
  answer: 'allow' | 'deny' | null;
  pending: number;
  slowDown: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** The clients and sign-ins of a cloud's IAM Identity Center. */
export class SignIns {
  readonly rules: SignInRules = {
    accessSeconds: 3600,
    rotates: true,
    repliesRefreshToken: true,
    isOver: false,
    pending: 0,
    slowDown: 0,
    answer: null,
    interval: 0,
  };
  /** By id. */
  readonly clients = new Map<string, Client>();
  /** Each access token, and its expiry. */
  readonly accessTokens = new Map<string, Date>();
  /** Each valid refresh token, and its client. */
  readonly refreshTokens = new Map<string, Pick<Client, 'clientId' | 'clientSecret'>>();
  readonly #devices = new Map<string, DeviceCode>();
  /** By code: the parameters of its page. */
  readonly #codes = new Map<string, { client: Client; redirectUri: string; challenge: string }>();

  constructor(private readonly now: () => Date) {}

  /** Signs a user in without a page. */
  signIn(): EmulatedSignIn {
    const client = { clientId: word(16), clientSecret: word(32) };
    return { ...client, accessToken: this.#newAccessToken(), refreshToken: this.#newRefreshToken(client) };
  }

  /** Makes the portal refuse this token from now on. */
  revoke(accessToken: string): void {
    this.accessTokens.delete(accessToken);
  }

  isGood(accessToken: string): boolean {
    const ends = this.accessTokens.get(accessToken);
    return ends !== undefined && ends > this.now();
  }

  register(fields: Fields): object {
    const texts = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
    const client: Client = {
      clientId: word(16),
      clientSecret: word(64),
      scopes: texts(fields.scopes),
      grantTypes: texts(fields.grantTypes),
      redirectUris: texts(fields.redirectUris),
    };
    this.clients.set(client.clientId, client);
    const { clientId, clientSecret } = client;
    const issued = Math.floor(this.now().getTime() / 1000);
    return { clientId, clientSecret, clientIdIssuedAt: issued, clientSecretExpiresAt: issued + 90 * 86_400 };
  }

  authorizeDevice(fields: Fields, base: string): object {
    const client = this.#client(fields);
    const letters = [...randomBytes(8)].map((byte) => 'BCDFGHJKLMNPQRSTVWXZ'[byte % 20]).join('');
    const userCode = `${letters.slice(0, 4)}-${letters.slice(4)}`;
    const deviceCode = word(32);
    const { answer, pending, slowDown, interval } = this.rules;
    this.#devices.set(deviceCode, { client, userCode, answer, pending, slowDown });
    return {
      deviceCode,
      userCode,
      verificationUri: `${base}/device`,
      verificationUriComplete: `${base}/device?user_code=${userCode}`,
      expiresIn: 600,
      interval,
    };
  }

  hasDevice(userCode: string): boolean {
    return [...this.#devices.values()].some((it) => it.userCode === userCode);
  }

  /** The user's choice on the device's page; false if there is no such code. */
  answerDevice(userCode: string, answer: 'allow' | 'deny'): boolean {
    const device = [...this.#devices.values()].find((it) => it.userCode === userCode);
    if (device !== undefined) device.answer = answer;
    return device !== undefined;
  }

  /** A code for the page of `/authorize`; the browser returns with it. Throws {@link AwsError}. */
  authorize(query: URLSearchParams): string {
    const client = this.clients.get(query.get('client_id') ?? '');
    const redirectUri = query.get('redirect_uri') ?? '';
    const isKnown = client?.redirectUris.some((uri) => withoutPort(uri) === withoutPort(redirectUri));
    if (client === undefined || !isKnown)
      throw new AwsError('InvalidRedirectUriException', 400, 'Invalid redirect URI');
    if (query.get('code_challenge_method') !== 'S256' || !query.get('state'))
      throw new AwsError('InvalidRequestException', 400, 'Invalid request');
    const code = word(24);
    this.#codes.set(code, { client, redirectUri, challenge: query.get('code_challenge') ?? '' });
    return code;
  }

  /** The reply of `/token`. Throws {@link AwsError}. */
  token(fields: Fields): object {
    switch (fields.grantType) {
      case 'refresh_token':
        return this.renew(fields);
      case 'urn:ietf:params:oauth:grant-type:device_code':
        return this.#deviceToken(fields);
      case 'authorization_code':
        return this.#codeToken(fields);
      default:
        throw new AwsError('UnsupportedGrantTypeException', 400, 'Unsupported grant type');
    }
  }

  renew({ clientId, clientSecret, refreshToken }: Fields): object {
    const known = this.refreshTokens.get(String(refreshToken));
    if (this.rules.isOver || known === undefined || known.clientId !== clientId)
      throw new AwsError('InvalidGrantException', 400, 'Invalid grant');
    if (known.clientSecret !== clientSecret)
      throw new AwsError('InvalidClientException', 401, 'Invalid client');
    if (this.rules.rotates) this.refreshTokens.delete(String(refreshToken));
    const next = this.rules.rotates ? this.#newRefreshToken(known) : String(refreshToken);
    return this.#reply(this.rules.repliesRefreshToken ? next : null);
  }

  #deviceToken(fields: Fields): object {
    const client = this.#client(fields);
    const device = this.#devices.get(String(fields.deviceCode));
    if (device === undefined) throw new AwsError('InvalidGrantException', 400, 'Invalid device code');
    if (device.slowDown-- > 0) throw new AwsError('SlowDownException', 400, 'Slow down');
    if (device.pending-- > 0 || device.answer === null)
      throw new AwsError('AuthorizationPendingException', 400, 'Authorization pending');
    this.#devices.delete(String(fields.deviceCode));
    if (device.answer === 'deny') throw new AwsError('AccessDeniedException', 400, 'Access denied');
    return this.#signedIn(client);
  }

  #codeToken(fields: Fields): object {
    const client = this.#client(fields);
    const known = this.#codes.get(String(fields.code));
    this.#codes.delete(String(fields.code));
    const challenge = createHash('sha256').update(String(fields.codeVerifier)).digest('base64url');
    const isSame = known?.client === client && known.redirectUri === fields.redirectUri;
    if (!isSame || known?.challenge !== challenge)
      throw new AwsError('InvalidGrantException', 400, 'Invalid code');
    return this.#signedIn(client);
  }

  /** Without a scope there is no refresh token, as for a profile without a session. */
  #signedIn(client: Client): object {
    return this.#reply(client.scopes.length > 0 ? this.#newRefreshToken(client) : null);
  }

  #client({ clientId, clientSecret }: Fields): Client {
    const client = this.clients.get(String(clientId));
    if (client?.clientSecret !== clientSecret || client === undefined)
      throw new AwsError('InvalidClientException', 401, 'Invalid client');
    return client;
  }

  #reply(refreshToken: string | null): object {
    return {
      accessToken: this.#newAccessToken(),
      tokenType: 'Bearer',
      expiresIn: this.rules.accessSeconds,
      ...(refreshToken !== null && { refreshToken }),
    };
  }

  #newAccessToken(): string {
    const token = `aoaAAAA${word(32)}`;
    this.accessTokens.set(token, new Date(this.now().getTime() + this.rules.accessSeconds * 1000));
    return token;
  }

  #newRefreshToken({ clientId, clientSecret }: Pick<Client, 'clientId' | 'clientSecret'>): string {
    const token = `aorAAAA${word(32)}`;
    this.refreshTokens.set(token, { clientId, clientSecret });
    return token;
  }
}

function word(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}

/** AWS compares redirect addresses without their port, and aws-sso registers one without a path. */
function withoutPort(uri: string): string {
  const url = URL.canParse(uri) ? new URL(uri) : null;
  return url === null ? uri : `${url.protocol}//${url.hostname}`;
}
