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
import {
  mostFileBytes,
  type SignIn,
  sealedSignInPath,
  sharedSignInPath,
  signInFile,
  wordOf,
} from './token-file.ts';

/**
 * How a user signs in: in a browser on this machine (authorization code with PKCE), or with a code
 * typed into a web page.
 */
export type SignInFlow = 'browser' | 'code';

/** The registration of awsh as a client of the organisation's Identity Center, for one flow. */
export interface Registration {
  readonly flow: SignInFlow;
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** Epoch milliseconds. */
  readonly ends: number;
}

/** The redirect address, which AWS compares without its port (RFC 8252, 7.3). */
export const redirectPath = '/oauth/callback';

/**
 * The file with awsh's own notes about a session, mode 0600: its registration, and the endpoints of
 * the sign-in. The AWS CLI's registration file is neither read nor written.
 */
function sidePath(key: string, { state }: Pick<AppPaths, 'state'>): string {
  return join(state, 'sso', signInFile(key));
}

/**
 * The stored registration, or a new one. A registration is for one flow, one set of scopes, and one
 * endpoint.
 */
export async function registrationFor(
  session: SsoSession,
  flow: SignInFlow,
  use: { paths: AppPaths; connection: StsConnection; now: number; fresh: boolean },
): Promise<Registration> {
  const known = use.fresh ? null : keptRegistration(session, flow, use.paths, use.now);
  return known ?? register(session, flow, use);
}

/**
 * In milliseconds. A sign-in can be renewed only as long as its registration is valid, so one that
 * ends soon is made again.
 */
const restMs = 24 * 3600_000;
/** In milliseconds, for a registration that never ends (0, RFC 7591), or whose end is invalid. */
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

/** The file only saves a call, so invalid content counts as nothing. */
function sideFields(key: string, paths: Pick<AppPaths, 'state'>): Readonly<Record<string, unknown>> {
  try {
    return jsonFields(readFileIfThere(sidePath(key, paths), { follow: false }) ?? '');
  } catch {
    return {};
  }
}

/** Identifies the use that a registration is for. */
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

/**
 * The origins of a sign-in, such as `https://oidc.eu-west-1.amazonaws.com`; for AWS's own, without
 * FIPS or dual-stack.
 */
export interface SignInAddresses {
  readonly portal: string;
  readonly oidc: string;
}

/**
 * Notes the origins of a sign-in, so that its token is sent nowhere else. If the disk refuses it,
 * nothing is compared later.
 */
export function noteAddresses(
  session: SsoSession,
  registration: Registration,
  addresses: SignInAddresses,
  paths: AppPaths,
): void {
  keepRegistration(session, registration, paths, addresses);
}

/** The origins of this sign-in, if awsh made it; else null. */
export function addressesOf(
  key: string,
  signIn: SignIn,
  paths: Pick<AppPaths, 'state'>,
): SignInAddresses | null {
  const { portal, oidc } = sideFields(key, paths);
  if (typeof portal !== 'string' || typeof oidc !== 'string') return null;
  return isClientOf(key, signIn, paths) ? { portal, oidc } : null;
}

/**
 * True if awsh made this sign-in: it has the id of awsh's own client for the session's name or
 * start URL.
 */
export function isClientOf(key: string, { text }: SignIn, paths: Pick<AppPaths, 'state'>): boolean {
  const own = sideFields(key, paths).clientId;
  return typeof own === 'string' && own === jsonFields(text.reveal()).clientId;
}

export function forgetRegistration(session: SsoSession, paths: Pick<AppPaths, 'state'>): void {
  try {
    rmSync(sidePath(sessionKey(session), paths), { force: true, recursive: true });
  } catch {
    // Without the file the next sign-in registers again; with it, it may still have to.
  }
}

/**
 * Reserves a file for a new sign-in before the user is asked: mode 0600; new folders get 0700.
 * Throws AwshError if the disk refuses.
 */
export function reserveSignIn(
  session: SsoSession,
  surroundings: Surroundings,
  isSealed: boolean,
): ReservedFile {
  const path = (isSealed ? sealedSignInPath : sharedSignInPath)(sessionKey(session), surroundings);
  return reserveSignInFile(path, mostFileBytes);
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
      'the sign-in could not be stored, so awsh did not start it',
      `${printable(path)}: ${fault?.why ?? 'another file is in its place, or in the place of a directory above it'}`,
      fault?.next ?? shellCommand`ls -ld ${dirname(path)}`,
    );
  }
}

/**
 * The text of a new sign-in, in the form that every SDK reads. Times have seconds and a `Z`,
 * because the Java SDK and older readers accept no other form.
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
