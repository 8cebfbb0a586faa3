import { correctionOf, type OidcError, type SsoSession } from '../sessions/index.ts';
import {
  type AwshError,
  AwsRefusedError,
  NetworkError,
  printable,
  RefusedError,
  type UnknownHostError,
  UsageError,
} from '../system/index.ts';

/**
 * The error for the user if AWS refuses a sign-in, by OAuth's error code. `again` is the command
 * that starts another one.
 */
export function signInRefused(
  { code, description }: OidcError,
  again: string,
  settings: SsoSession['settings'] | null = null,
): AwshError {
  const said = description === '' ? undefined : description;
  switch (code) {
    case 'expired_token':
      return new RefusedError(
        'the sign-in was not confirmed in time',
        'a code or a page for signing in is valid for about 10 minutes',
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
        `${said ?? 'the code was used already, or came too late'}${regionText(settings)}`,
        again,
      );
    case 'invalid_scope':
    case 'invalid_redirect_uri':
    case 'invalid_client_metadata':
    case 'invalid_request':
    case 'invalid_request_region':
      return refusedSettings(code, said, settings, again);
    default:
      return new AwsRefusedError(
        code,
        `AWS refused the sign-in: ${printable(code)}`,
        said ?? 'AWS gives no other reason',
        again,
      );
  }
}

/** The host's name has the region in it, so a wrong region is a likely cause. */
export function unknownRegion(
  { what, why, next }: UnknownHostError,
  { settings, tokenTarget }: Pick<SsoSession, 'settings' | 'tokenTarget'>,
): NetworkError {
  const { value, from } = settings.region;
  const isOurs = tokenTarget.endpoint === null;
  const region = isOurs ? `; or sso_region is wrong: ${printable(value)} (${from})` : '';
  return new NetworkError(what, `${why}${region}`, next);
}

/** A code that AWS does not accept often belongs to another region. */
function regionText(settings: SsoSession['settings'] | null): string {
  if (settings === null) return '';
  const { value, from } = settings.region;
  return `; or Identity Center is not in ${printable(value)} (sso_region, ${from})`;
}

/** The line that AWS's error is about, if its code tells. */
function refusedSettings(
  code: string,
  said: string | undefined,
  settings: SsoSession['settings'] | null,
  again: string,
): UsageError {
  const lines =
    settings === null
      ? []
      : [
          ...(code === 'invalid_request_region' ? [] : [`sso_start_url (${settings.startUrl.from})`]),
          `sso_region (${settings.region.from})`,
          `sso_registration_scopes (${settings.scopes.from})`,
        ];
  const meant =
    code === 'invalid_scope'
      ? settings?.scopes
      : code === 'invalid_request_region'
        ? settings?.region
        : settings?.startUrl;
  const shown = code === 'invalid_scope' ? lines.slice(-1) : lines;
  return new UsageError(
    `AWS refused the sign-in: ${printable(code)}`,
    [said, shown.length === 0 ? undefined : `check ${shown.join(', ')}`].filter(Boolean).join('; ') ||
      undefined,
    (meant && correctionOf(meant)) ?? again,
  );
}
