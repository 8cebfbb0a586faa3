import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type AppPaths,
  AwshError,
  diskFault,
  ensurePrivateDirectory,
  jsonFields,
  lstatIfThere,
  makeDirectories,
  printable,
  type ReservedFile,
  readFileIfThere,
  reserveFile,
  rfc3339,
  Secret,
  shellCommand,
  writeFileAtomic,
} from '../../system/index.ts';
import type { StsConnection } from '../connection.ts';
import type { Surroundings } from '../surroundings.ts';
import { type SsoSession, sessionKey } from './find-session.ts';
import { askOidc, notAws, type TokenReply } from './oidc.ts';
import { serviceAddress } from './service-request.ts';
import { mostFileBytes, type SignIn, signInFile, signInPath, wordOf } from './token-file.ts';

/** How a user signs in: in a browser on this machine (authorization code with PKCE), or by a code typed into a page. */
export type SignInFlow = 'browser' | 'code';

/** awsh as a client of the organisation's Identity Center, for one flow. */
export interface Registration {
  readonly flow: SignInFlow;
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** Epoch milliseconds. */
  readonly ends: number;
}

/** The redirect address that AWS compares without its port (RFC 8252, 7.3). */
export const redirectPath = '/oauth/callback';

/**
 * What awsh notes of a session beside the token's own file, 0600: its registration, and where it sent the sign-in. The AWS CLI's
 * own registration file is neither read nor written.
 */
function sidePath(key: string, { state }: Pick<AppPaths, 'state'>): string {
  return join(state, 'sso', signInFile(key));
}

/** The registration that is kept, or a new one. One serves one flow, one set of scopes, and one address. */
export async function registrationFor(
  session: SsoSession,
  flow: SignInFlow,
  use: { paths: AppPaths; connection: StsConnection; now: number; fresh: boolean },
): Promise<Registration> {
  const known = use.fresh ? null : keptRegistration(session, flow, use.paths, use.now);
  return known ?? register(session, flow, use);
}

/** A sign-in is renewed as long as its registration lasts: one that ends soon is made anew. */
const restMs = 24 * 3600_000;
/** A registration that never ends (0, RFC 7591), or at a time that is none. */
const longestMs = 365 * 24 * 3600_000;

function keptRegistration(
  session: SsoSession,
  flow: SignInFlow,
  paths: AppPaths,
  now: number,
): Registration | null {
  const fields = sideFields(sessionKey(session), paths);
  const { clientId, ends } = fields;
  const clientSecret = wordOf(fields.clientSecret);
  const isSame = fields.flow === flow && fields.for === purposeOf(session);
  if (!isSame || clientSecret === null || typeof clientId !== 'string' || typeof ends !== 'number')
    return null;
  return ends > now + restMs ? { flow, clientId, clientSecret, ends } : null;
}

/** What it holds only saves a call, so that anything else in its place counts as nothing. */
function sideFields(key: string, paths: Pick<AppPaths, 'state'>): Readonly<Record<string, unknown>> {
  try {
    return jsonFields(readFileIfThere(sidePath(key, paths), { follow: false }) ?? '');
  } catch {
    return {};
  }
}

/** What a registration is good for. */
function purposeOf({ startUrl, portalUrl = startUrl, scopes, tokenTarget }: SsoSession): string {
  return [serviceAddress('oidc', tokenTarget), portalUrl, ...scopes].join(' ');
}

async function register(
  session: SsoSession,
  flow: SignInFlow,
  { paths, connection, now }: { paths: AppPaths; connection: StsConnection; now: number },
): Promise<Registration> {
  const { scopes, startUrl, portalUrl = startUrl, tokenTarget } = session;
  const fields = {
    clientName: `awsh-${(session.name ?? 'profile').replaceAll(/[^A-Za-z0-9_.-]/g, '-')}`,
    clientType: 'public',
    ...(scopes.length > 0 && { scopes }),
    ...(flow === 'browser' && {
      grantTypes: ['authorization_code', 'refresh_token'],
      redirectUris: [`http://127.0.0.1${redirectPath}`],
      issuerUrl: portalUrl,
    }),
  };
  const reply = await askOidc('/client/register', fields, tokenTarget, connection);
  const clientSecret = wordOf(reply.clientSecret);
  const { clientId, clientSecretExpiresAt } = reply;
  if (clientSecret === null || typeof clientId !== 'string' || !/^[!-~]{1,2048}$/.test(clientId))
    throw notAws(tokenTarget);
  const seconds = Number(clientSecretExpiresAt);
  const ends = seconds > 0 && seconds * 1000 < now + longestMs ? seconds * 1000 : now + longestMs;
  const registration = { flow, clientId, clientSecret, ends };
  keepRegistration(session, registration, paths);
  return registration;
}

/** If the disk refuses it, the next sign-in registers again. */
function keepRegistration(
  session: SsoSession,
  registration: Registration,
  paths: AppPaths,
  addresses: SignInAddresses | null = null,
): void {
  try {
    const path = sidePath(sessionKey(session), paths);
    ensurePrivateDirectory(paths.state);
    ensurePrivateDirectory(dirname(path));
    const { clientSecret, ...rest } = registration;
    const fields = { ...rest, clientSecret: clientSecret.reveal(), for: purposeOf(session), ...addresses };
    writeFileAtomic(path, JSON.stringify(fields));
  } catch {
    // It only saves a call.
  }
}

/** The origins that a sign-in came from, `https://oidc.eu-west-1.amazonaws.com`; of AWS's own, without a variant. */
export interface SignInAddresses {
  readonly portal: string;
  readonly oidc: string;
}

/** Notes where a sign-in came from, so that its token is sent nowhere else. If the disk refuses it, nothing is compared. */
export function noteAddresses(
  session: SsoSession,
  registration: Registration,
  addresses: SignInAddresses,
  paths: AppPaths,
): void {
  keepRegistration(session, registration, paths, addresses);
}

/** Where this sign-in came from, if awsh made it; else null. */
export function addressesOf(
  key: string,
  signIn: SignIn,
  paths: Pick<AppPaths, 'state'>,
): SignInAddresses | null {
  const { portal, oidc } = sideFields(key, paths);
  if (typeof portal !== 'string' || typeof oidc !== 'string') return null;
  return isClientOf(key, signIn, paths) ? { portal, oidc } : null;
}

/** True if awsh made this sign-in: it is in the name of awsh's own client for the session's name or start URL. */
export function isClientOf(key: string, { text }: SignIn, paths: Pick<AppPaths, 'state'>): boolean {
  const own = sideFields(key, paths).clientId;
  return typeof own === 'string' && own === jsonFields(text.reveal()).clientId;
}

export function forgetRegistration(session: SsoSession, paths: Pick<AppPaths, 'state'>): void {
  try {
    rmSync(sidePath(sessionKey(session), paths), { force: true, recursive: true });
  } catch {
    // Without it the next sign-in registers again; with it, it may have to.
  }
}

/**
 * A place for a new sign-in, made sure of before the user is asked: 0600, in folders that are 0700 if they are made now. Throws
 * AwshError if the disk refuses.
 */
export function reserveSignIn(session: SsoSession, surroundings: Surroundings): ReservedFile {
  return reserveSignInFile(signInPath(sessionKey(session), surroundings), mostFileBytes);
}

/** The same for the file at this path. */
export function reserveSignInFile(path: string, bytes: number): ReservedFile {
  try {
    makeDirectories(dirname(path));
    const stat = lstatIfThere(path);
    if (stat?.isDirectory()) throw Object.assign(new Error('a directory'), { code: 'EISDIR', path });
    return reserveFile(path, bytes);
  } catch (error) {
    const fault = diskFault(error, path);
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (fault === null && code === '') throw error;
    throw new AwshError(
      'other',
      'a sign-in could not be stored, so awsh does not ask for one',
      `${printable(path)}: ${fault?.why ?? 'another file has its place, or that of a folder above it'}`,
      fault?.next ?? shellCommand`ls -ld ${dirname(path)}`,
    );
  }
}

/**
 * The text of a new sign-in, as every SDK reads it. Times have seconds and a `Z`: the Java SDK and older readers take no other form.
 */
export function newSignInText(
  session: SsoSession,
  { clientId, clientSecret, ends: registrationEnds }: Registration,
  token: TokenReply,
): Secret {
  const fields = {
    startUrl: session.startUrl,
    region: session.region,
    accessToken: token.accessToken.reveal(),
    expiresAt: rfc3339(new Date(token.ends)),
    clientId,
    clientSecret: clientSecret.reveal(),
    registrationExpiresAt: rfc3339(new Date(registrationEnds)),
    ...(token.refreshToken !== null && { refreshToken: token.refreshToken.reveal() }),
  };
  return new Secret(JSON.stringify(fields));
}
