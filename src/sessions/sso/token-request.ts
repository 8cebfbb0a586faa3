import { AwsRefusedError } from '../../system/index.ts';
import type { StsConnection } from '../connection.ts';
import type { StsTarget } from '../plan-steps.ts';
import { askOidc, OidcError, type TokenReply, tokenReply } from './oidc.ts';
import type { Renewal } from './token-file.ts';

/**
 * The sign-in cannot be renewed any more: the organisation's session or the client's registration
 * has ended.
 */
export class RenewalOver extends Error {}

const over = /^(invalid_grant|invalid_client|unauthorized_client|expired_token)$/;

/**
 * Requests a new access token with the refresh token (IAM Identity Center OIDC API Reference,
 * CreateToken, grant type `refresh_token`). `now` is in epoch milliseconds. Throws {@link
 * RenewalOver}; AwsRefusedError (exit 8) for any other refusal; else as `askOidc`.
 */
export async function renewToken(
  { clientId, clientSecret, refreshToken }: Renewal,
  target: StsTarget,
  connection: StsConnection,
  now: number,
): Promise<TokenReply> {
  const fields = {
    clientId,
    clientSecret: clientSecret.reveal(),
    grantType: 'refresh_token',
    refreshToken: refreshToken.reveal(),
  };
  const reply = await askOidc('/token', fields, target, connection).catch((error: unknown) => {
    if (!(error instanceof OidcError)) throw error;
    const { code, description } = error;
    if (over.test(code)) throw new RenewalOver(code);
    throw new AwsRefusedError(code, `AWS refused to renew the sign-in: ${code}`, description || undefined);
  });
  return tokenReply(reply, target, now);
}
