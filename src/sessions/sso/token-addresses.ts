// A token is sent only to the origins that it came from, which are noted at the sign-in.
import { appPaths, operandWord, printable, UsageError } from '../../system/index.ts';
import type { RoleCredentialsStep, StsTarget } from '../plan-steps.ts';
import type { Surroundings } from '../surroundings.ts';
import { addressesOf, type SignInAddresses } from './registration.ts';
import { serviceAddress } from './service-request.ts';
import { portalName } from './token.ts';
import type { SignIn } from './token-file.ts';

/**
 * The origin of a target: AWS's own host without its variant (FIPS, dual-stack), or the configured
 * endpoint.
 */
function originOf(service: 'portal' | 'oidc', { region, endpoint }: StsTarget): string {
  return new URL(serviceAddress(service, { region, endpoint })).origin;
}

/** The origins that a sign-in notes. */
export function addressesFor(targets: {
  readonly portalTarget: StsTarget;
  readonly tokenTarget: StsTarget;
}): SignInAddresses {
  return { portal: originOf('portal', targets.portalTarget), oidc: originOf('oidc', targets.tokenTarget) };
}

/** The error if the step would send a token of awsh's own sign-in to another origin; else null. */
export function strayAddress(
  step: RoleCredentialsStep,
  signIn: SignIn,
  surroundings: Surroundings,
): UsageError | null {
  const noted = addressesOf(step.session ?? step.startUrl, signIn, appPaths(surroundings));
  if (noted === null) return null;
  const used = addressesFor({ portalTarget: step.target, tokenTarget: step.tokenTarget });
  const wrong = (['portal', 'oidc'] as const).find((service) => noted[service] !== used[service]);
  if (wrong === undefined) return null;
  return new UsageError(
    `profile ${JSON.stringify(printable(step.profile))} would send the sign-in to an address other than the one that it came from`,
    `the sign-in to ${portalName(step)} came from ${printable(noted[wrong])}, and the config file names ${printable(used[wrong])}`,
    `awsh sso login ${operandWord(step.session ?? step.signInProfile ?? step.profile)}`,
  );
}
