import { rmSync } from 'node:fs';
import {
  addressesFor,
  correctionOf,
  forgetAccounts,
  forgetRegistration,
  newSignInText,
  noteAddresses,
  OidcError,
  obsoleteFile,
  type Registration,
  registrationFor,
  reserveSignIn,
  type SealingKey,
  type SignInFlow,
  type SsoSession,
  type StsConnection,
  sealedReply,
  sessionKey,
  signInPath,
  startUrlVariant,
  type TokenReply,
  withSignInLock,
} from '../sessions/index.ts';
import {
  type AppPaths,
  CancelledError,
  type Clock,
  type Environment,
  printable,
  type Secret,
  shellCommand,
  UnknownHostError,
} from '../system/index.ts';
import { signInByBrowser } from './browser-flow.ts';
import type { ChosenFlow } from './choose-flow.ts';
import { signInByCode } from './device-flow.ts';
import { SignedInElsewhere } from './elsewhere.ts';
import { signInRefused, unknownRegion } from './sign-in-errors.ts';
import { resolvedStartUrl } from './start-url.ts';

/** The services for a sign-in. */
export interface SignInServices {
  readonly paths: AppPaths;
  readonly clock: Clock;
  readonly environment: Environment;
  /**
   * Opens a URL in the user's browser; a Secret never reaches a command line. Null: none is opened.
   */
  readonly open: ((address: string | Secret) => Promise<void>) | null;
  /** The port of the address on this machine; 0 for any. */
  readonly port: number;
  /** The terminal can draw a line again. */
  readonly showsStatus: boolean;
  /** True as soon as another terminal has signed in. Asked again and again while this one waits. */
  readonly isElsewhere?: () => boolean;
  /** With the setting `sso_cache = vault`: tokens are stored encrypted by it. */
  readonly sealingKey?: SealingKey;
}

/** One sign-in. */
export interface SignInRun extends SignInServices {
  readonly connection: StsConnection;
  /** The user-visible description: which user signs in to what, and how. */
  readonly heading: string;
  /** Aborted when it is over, however it ends. */
  readonly signal: AbortSignal;
}

/**
 * Signs the user in and writes the sign-in to the file that every SDK reads. Returns false if
 * another terminal has signed in meanwhile. Throws RefusedError (exit 7), UsageError (2),
 * AwsRefusedError (8), NetworkError (9), CancelledError (130), or PersonNeededError (6).
 */
export async function signIn(
  session: SsoSession,
  chosen: ChosenFlow,
  services: SignInServices,
): Promise<boolean> {
  const { environment, paths } = services;
  const { caBundle, caBundlePlace } = session;
  const over = new AbortController();
  const { sealingKey } = services;
  // Before the user is asked: the vault may not open.
  await sealingKey?.();
  const isSealed = sealingKey !== undefined;
  const obsolete = obsoleteFile(session, isSealed, environment, paths);
  const place = reserveSignIn(session, environment, isSealed);
  const run = servicesOfRun(services, { caBundle, caBundlePlace }, headingOf(session, chosen), over.signal);
  try {
    const { registration, token } = await withFallback(await resolved(session, run), chosen, run);
    const path = signInPath(sessionKey(session), environment);
    await withSignInLock(path, paths.locks, async () => {
      // Written before the token: without the note, the origins would not be compared.
      noteAddresses(session, registration, addressesFor(session), paths);
      const stored = sealingKey === undefined ? token : await sealedReply(token, sealingKey);
      place.replace(newSignInText(session, registration, stored).reveal());
      if (obsolete !== null) rmSync(obsolete, { force: true });
    });
    // Another user may have signed in.
    forgetAccounts(session, paths);
    return true;
  } catch (error) {
    if (error instanceof SignedInElsewhere) return false;
    if (error instanceof OidcError) throw signInRefused(error, signInCommand(session), session.settings);
    throw error instanceof UnknownHostError ? unknownRegion(error, session) : error;
  } finally {
    place.abandon();
    over.abort();
  }
}

/**
 * The session with the portal that its start URL leads to: AWS knows no other host. Not resolved if
 * the config file names an endpoint instead of AWS.
 */
async function resolved(session: SsoSession, { connection }: SignInRun): Promise<SsoSession> {
  const { startUrl, settings, tokenTarget } = session;
  if (tokenTarget.endpoint !== null) return session;
  const next = correctionOf(settings.startUrl);
  const portalUrl = await resolvedStartUrl(startUrl, connection, next);
  return { ...session, portalUrl, tokenTarget: { ...startUrlVariant(portalUrl), ...tokenTarget } };
}

/** The services with what one sign-in needs. */
export function servicesOfRun(
  services: SignInServices,
  bundle: Pick<StsConnection, 'caBundle' | 'caBundlePlace'>,
  heading: string,
  signal: AbortSignal,
): SignInRun {
  const connection = { surroundings: services.environment, ...bundle, timeoutMs: 10_000 };
  return { ...services, connection, heading, signal };
}

/** The command that signs in to this session. */
export function signInCommand({ name, profiles }: SsoSession): string {
  return shellCommand`awsh sso login ${name ?? profiles[0] ?? ''}`;
}

/** In a region without the browser's flow, continues with a code. */
async function withFallback(session: SsoSession, { flow }: ChosenFlow, run: SignInRun) {
  try {
    return await withRegistration(session, flow, run);
  } catch (error) {
    const isUnsupported = error instanceof OidcError && /^unsupported_grant_type$/.test(error.code);
    if (flow === 'code' || !isUnsupported) throw error;
    const why = 'because Identity Center does not offer the sign-in by browser there';
    return await withRegistration(session, 'code', {
      ...run,
      heading: headingOf(session, { flow: 'code', why }),
    });
  }
}

/** A registration that AWS no longer knows is made again, once. */
async function withRegistration(
  session: SsoSession,
  flow: SignInFlow,
  run: SignInRun,
): Promise<{ registration: Registration; token: TokenReply }> {
  const attempt = async (fresh: boolean) => {
    const use = { paths: run.paths, connection: run.connection, now: run.clock.now(), fresh };
    const registration = await registrationFor(session, flow, use);
    const signInBy = flow === 'browser' ? signInByBrowser : signInByCode;
    return { registration, token: await signInBy(session, registration, run) };
  };
  try {
    return await attempt(false);
  } catch (error) {
    // If AWS has forgotten the registration, it shows the user an error instead of its page, and
    // awsh gets no answer.
    const isUnanswered =
      error instanceof CancelledError || (error instanceof OidcError && error.code === 'expired_token');
    if (flow === 'browser' && isUnanswered) forgetRegistration(session, run.paths);
    const isForgotten = error instanceof OidcError && /^(invalid|unauthorized)_client$/.test(error.code);
    if (!isForgotten) throw error;
    return await attempt(true);
  }
}

/** What the page will ask the user to allow. */
function scopesText(scopes: readonly string[]): string {
  const shown = printable(scopes.join(', '));
  return scopes.length === 1 && scopes[0] === 'sso:account:access'
    ? `asks to list your accounts and use your roles (${shown})`
    : `asks for ${shown}`;
}

function headingOf({ name, startUrl, region, scopes }: SsoSession, { flow, why }: ChosenFlow): string {
  const how = flow === 'browser' ? 'in your browser' : 'with a code';
  return [
    `Signing in to ${printable(name ?? 'IAM Identity Center')} ${[how, why].filter(Boolean).join(', ')}`,
    `  ${printable(startUrl)}, ${printable(region)}`,
    ...(scopes.length > 0 ? [`  ${scopesText(scopes)}`] : []),
  ].join('\n');
}
