import { randomBytes } from 'node:crypto';
import { AwsError } from './service.ts';

/** How the emulated IAM Identity Center treats sign-ins; a test changes what it is about. */
export interface SignInRules {
  /** How long a new access token is good, in seconds. */
  accessSeconds: number;
  /** A refresh token is good once, and each renewal gives another one. */
  rotates: boolean;
  /** A renewal's reply has a refresh token; without one, the old one remains good. */
  repliesRefreshToken: boolean;
  /** The organisation's session is over: no sign-in can be renewed. */
  isOver: boolean;
}

/** A client's registration and the tokens of one sign-in, as the file in `~/.aws/sso/cache` has them. */
export interface EmulatedSignIn {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** What a cloud's IAM Identity Center knows of sign-ins. */
export class SignIns {
  readonly rules: SignInRules = {
    accessSeconds: 3600,
    rotates: true,
    repliesRefreshToken: true,
    isOver: false,
  };
  /** Each access token, and when it ends. */
  readonly accessTokens = new Map<string, Date>();
  /** Each refresh token that is good, and whose it is. */
  readonly refreshTokens = new Map<string, { clientId: string; clientSecret: string }>();

  constructor(private readonly now: () => Date) {}

  /** Signs somebody in; the tokens are those that the browser's flow would have led to. */
  signIn(): EmulatedSignIn {
    const client = { clientId: word(16), clientSecret: word(32) };
    return { ...client, accessToken: this.newAccessToken(), refreshToken: this.newRefreshToken(client) };
  }

  /** Makes the portal refuse this token from now on. */
  revoke(accessToken: string): void {
    this.accessTokens.delete(accessToken);
  }

  isGood(accessToken: string): boolean {
    const ends = this.accessTokens.get(accessToken);
    return ends !== undefined && ends > this.now();
  }

  /** The reply to a renewal. Throws {@link AwsError}. */
  renew({ clientId, clientSecret, refreshToken }: Readonly<Record<string, string>>): object {
    const known = this.refreshTokens.get(refreshToken ?? '');
    if (this.rules.isOver || known === undefined || known.clientId !== clientId)
      throw new AwsError('InvalidGrantException', 400, 'Invalid grant');
    if (known.clientSecret !== clientSecret)
      throw new AwsError('InvalidClientException', 401, 'Invalid client');
    if (this.rules.rotates) this.refreshTokens.delete(refreshToken ?? '');
    const next = this.rules.rotates ? this.newRefreshToken(known) : refreshToken;
    return {
      accessToken: this.newAccessToken(),
      tokenType: 'Bearer',
      expiresIn: this.rules.accessSeconds,
      ...(this.rules.repliesRefreshToken && { refreshToken: next }),
    };
  }

  private newAccessToken(): string {
    const token = `aoaAAAA${word(32)}`;
    this.accessTokens.set(token, new Date(this.now().getTime() + this.rules.accessSeconds * 1000));
    return token;
  }

  private newRefreshToken(client: { clientId: string; clientSecret: string }): string {
    const token = `aorAAAA${word(32)}`;
    this.refreshTokens.set(token, client);
    return token;
  }
}

function word(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}
