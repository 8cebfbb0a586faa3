import type { OidcError } from '../sessions/index.ts';
import { type AwshError, AwsRefusedError, printable, RefusedError, UsageError } from '../system/index.ts';

/** The error for the user if AWS refuses a sign-in, by OAuth's word. `again` is the command that starts another one. */
export function signInRefused({ code, description }: OidcError, again: string): AwshError {
  const said = description === '' ? undefined : description;
  switch (code) {
    case 'expired_token':
      return new RefusedError(
        'the sign-in was not confirmed in time',
        'AWS gives it some minutes only',
        again,
      );
    case 'access_denied':
      return new RefusedError(
        'the sign-in was denied',
        /KMS_/.test(description)
          ? `the organisation's encryption key refuses it (${printable(description)}): ask its administrator`
          : 'Deny was chosen on the page',
        again,
      );
    case 'invalid_grant':
      return new RefusedError(
        'AWS did not accept the sign-in',
        `${said ?? 'the code was used already, or came too late'}; or sso_region is not the region of Identity Center`,
        again,
      );
    case 'invalid_scope':
    case 'invalid_redirect_uri':
    case 'invalid_client_metadata':
    case 'invalid_request':
    case 'invalid_request_region':
      return new UsageError(
        `AWS refused the sign-in: ${printable(code)}`,
        `${said === undefined ? '' : `${said}; `}check sso_start_url, sso_region and sso_registration_scopes`,
        again,
      );
    default:
      return new AwsRefusedError(code, `AWS refused the sign-in: ${printable(code)}`, said, again);
  }
}
