import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type AwsFiles, profileNames, resolveProfile, sourceChain } from '../../profiles/index.ts';
import { type AppPaths, unreachableHost } from '../../system/index.ts';
import type { StsConnection } from '../connection.ts';
import type { StsTarget } from '../plan-steps.ts';
import { homeOf, type Surroundings } from '../surroundings.ts';
import { forgetAccounts } from './account-cache.ts';
import { type SsoSession, sessionKey } from './find-session.ts';
import { addressesOf, forgetRegistration, isClientOf } from './registration.ts';
import { openedToken, type SealingKey } from './sealed-token.ts';
import { askService, serviceAddress } from './service-request.ts';
import { addressesFor } from './token-addresses.ts';
import { readSignIn, type SignIn, sealedSignInPath, sharedSignInPath, signInPath } from './token-file.ts';
import { RenewalOver, renewToken } from './token-request.ts';

/**
 * Revokes the token (access portal API, Logout). Throws NetworkError (exit 9) if AWS does not
 * answer; a token that AWS does not know counts as revoked.
 */
export async function forgetToken(
  session: SsoSession,
  signIn: SignIn,
  use: {
    connection: StsConnection;
    now: number;
    paths: Pick<AppPaths, 'state'>;
    sealingKey?: SealingKey;
  },
): Promise<void> {
  const { connection, now, paths, sealingKey } = use;
  const { portalTarget, tokenTarget } = targetsOf(session, signIn, paths);
  // AWS could not tell from an expired token which sign-in it belongs to, so it is renewed first.
  const mustRenew = signIn.ends <= now && signIn.renewal !== null;
  const stored = mustRenew ? signIn.renewal.refreshToken : signIn.accessToken;
  const opened = await openedToken(stored, sealingKey);
  if (opened === null) return;
  const token = mustRenew
    ? (
        await renewToken({ ...signIn.renewal, refreshToken: opened }, tokenTarget, connection, now).catch(
          ended,
        )
      )?.accessToken
    : opened;
  if (token === undefined) return;
  const url = `${serviceAddress('portal', portalTarget)}/logout`;
  const headers = { 'x-amz-sso_bearer_token': token.reveal(), 'content-length': '0' };
  const { status } = await askService({ method: 'POST', url, headers }, connection);
  if (status === 200 || status === 204 || status === 401) return;
  throw unreachableHost(new URL(url).host, { $metadata: { httpStatusCode: status } });
}

/** The origins of the sign-in, if they are noted: the token is sent nowhere else. */
function targetsOf(
  session: SsoSession,
  signIn: SignIn,
  paths: Pick<AppPaths, 'state'>,
): Pick<SsoSession, 'portalTarget' | 'tokenTarget'> {
  const noted = addressesOf(sessionKey(session), signIn, paths);
  const used = addressesFor(session);
  const { portalTarget, tokenTarget, region } = session;
  const at = (service: 'portal' | 'oidc', target: StsTarget) =>
    noted === null || noted[service] === used[service] ? target : { region, endpoint: noted[service] };
  return { portalTarget: at('portal', portalTarget), tokenTarget: at('oidc', tokenTarget) };
}

/** There is nothing left to end. */
function ended(error: unknown): null {
  if (error instanceof RenewalOver) return null;
  throw error;
}

/** The session's profiles, and those whose chain of source profiles begins with one of them. */
export function profilesThrough({ profiles }: SsoSession, files: AwsFiles): Set<string> {
  const own = new Set(profiles);
  const leadsThere = (name: string) => {
    try {
      return sourceChain(files, name, () => false).some((link) => own.has(link.name));
    } catch {
      return false;
    }
  };
  return new Set(profileNames(files).filter((name) => own.has(name) || leadsThere(name)));
}

/**
 * Removes the token's file, awsh's note about it, and the list of accounts. Another session with
 * the same start URL stays signed in.
 */
export function removeSignIn(session: SsoSession, surroundings: Surroundings, paths: AppPaths): void {
  rmSync(signInPath(sessionKey(session), surroundings), { force: true });
  forgetRegistration(session, paths);
  forgetAccounts(session, paths);
}

/**
 * Removes the role sessions that the AWS CLI has cached for this session's profiles in
 * `~/.aws/cli/cache`: each file name is the SHA-1 of the role's request (botocore,
 * SSOCredentialFetcher). Files of other sessions stay.
 */
export function removeCliRoles(session: SsoSession, files: AwsFiles, surroundings: Surroundings): void {
  for (const profile of session.profiles) {
    const { properties } = resolveProfile(files, profile);
    const [accountId, roleName] = ['sso_account_id', 'sso_role_name'].map(
      (key) => properties.get(key)?.value,
    );
    if (!accountId || !roleName) continue;
    // With sorted keys, as in Python's json.dumps(sort_keys=True).
    const asked =
      session.name === null
        ? { accountId, roleName, startUrl: session.startUrl }
        : { accountId, roleName, sessionName: session.name };
    const name = createHash('sha1').update(JSON.stringify(asked)).digest('hex');
    rmSync(join(homeOf(surroundings), '.aws', 'cli', 'cache', `${name}.json`), { force: true });
  }
}

/**
 * The file that a new sign-in makes obsolete, since it is in one of two: the shared one or the
 * encrypted one. Null for a shared file that another program wrote. To be asked before the sign-in,
 * which may change awsh's client.
 */
export function obsoleteFile(
  session: SsoSession,
  isSealed: boolean,
  surroundings: Surroundings,
  paths: AppPaths,
): string | null {
  const key = sessionKey(session);
  if (!isSealed) return sealedSignInPath(key, surroundings);
  const shared = readSignIn(sharedSignInPath(key, surroundings));
  return shared !== null && isClientOf(key, shared, paths) ? shared.path : null;
}
