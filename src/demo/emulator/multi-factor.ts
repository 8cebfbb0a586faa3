import type { Input } from './query.ts';
import { accessDenied } from './service.ts';

/**
 * True if the call carried a correct MFA code, false if it carried none; throws AWS's error for a
 * wrong one.
 */
export function presentMfa({ parameters, caller, cloud }: Input): boolean {
  const serial = parameters.text('SerialNumber', { min: 9, max: 256, pattern: /^[\w+=/:,.@-]*$/ });
  const code = parameters.text('TokenCode', { min: 6, max: 6, pattern: /^[\d]*$/ });
  if (serial === null && code === null) return false;
  if (serial === null || code === null) {
    throw accessDenied(
      'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.',
    );
  }
  const device = caller.user?.mfa;
  if (device?.serial !== serial) {
    throw accessDenied(
      'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
    );
  }
  if (device.accept(code, cloud.now().getTime())) return true;
  throw accessDenied('MultiFactorAuthentication failed with invalid MFA one time pass code. ');
}
