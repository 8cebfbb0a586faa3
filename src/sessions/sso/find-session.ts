import {
  type AwsFiles,
  findProfile,
  nearestNames,
  type Place,
  profileNames,
  requireUsableSection,
  resolveProfile,
} from '../../profiles/index.ts';
import {
  type AwshError,
  type Environment,
  printable,
  profileOption,
  shellWord,
  UnknownProfileError,
  UsageError,
} from '../../system/index.ts';
import { checkedRegion } from '../configured-role.ts';
import type { PlanRequest } from '../plan-request.ts';
import type { StsTarget } from '../plan-steps.ts';
import { correctionOf, ProfileSettings, type Setting, showPlace } from '../profile-settings.ts';
import { portalTarget, startUrlVariant, tokenTarget } from '../sts-target.ts';

/** What the user signs in to: an [sso-session], or the start URL of a profile without one. */
export interface SsoSession {
  /** The name of the [sso-session]; null for a start URL in the profile itself. */
  readonly name: string | null;
  readonly startUrl: string;
  readonly region: string;
  /**
   * The start URL to send in requests, if `startUrl` is a host of the organisation's own that
   * redirects to it; else undefined.
   */
  readonly portalUrl?: string;
  /** `sso_use_device_code = true`. */
  readonly prefersCode: boolean;
  /** The lines of the config file. */
  readonly settings: Readonly<Record<'startUrl' | 'region' | 'scopes', Setting>>;
  /**
   * `sso_registration_scopes`; empty for a profile without a session, whose sign-in cannot be
   * renewed.
   */
  readonly scopes: readonly string[];
  readonly portalTarget: StsTarget;
  readonly tokenTarget: StsTarget;
  readonly caBundle: string | null;
  readonly caBundlePlace?: Place | null;
  /** The profiles that use it, in the order of the file. */
  readonly profiles: readonly string[];
}

/** AWS's default (AWS CLI User Guide, "sso_registration_scopes"). */
const defaultScope = 'sso:account:access';

/** The key of the token's file name, and the session's name in errors. */
export function sessionKey({ name, startUrl }: Pick<SsoSession, 'name' | 'startUrl'>): string {
  return name ?? startUrl;
}

/**
 * The session of this name: an [sso-session], the start URL of a profile without one, or the
 * session of a profile with this name. Throws UnknownProfileError (exit 3), and UsageError (2) if
 * the profile does not use Identity Center, or if a value is missing or malformed.
 */
export function findSsoSession(name: string, files: AwsFiles, environment: Environment): SsoSession {
  if (files.ssoSessions.has(name)) return namedSession(name, files, environment);
  const withUrl = profilesWith(files, 'sso_start_url', name);
  if (withUrl.length > 0) return sessionOfProfiles(name, withUrl, files, environment);
  if (findProfile(files, name) === null) throw unknownSession(name, files);
  const { properties } = resolveProfile(files, name);
  const session = properties.get('sso_session')?.value;
  if (session) return namedSession(session, files, environment);
  const startUrl = properties.get('sso_start_url')?.value;
  if (startUrl)
    return sessionOfProfiles(startUrl, profilesWith(files, 'sso_start_url', startUrl), files, environment);
  throw new UsageError(
    `profile ${JSON.stringify(printable(name))} does not use IAM Identity Center`,
    'it has neither sso_session nor sso_start_url',
    'awsh sso status',
  );
}

/** The sessions of a config file, and those that cannot be used. */
export interface SsoSessions {
  readonly usable: readonly SsoSession[];
  /** By name or start URL. */
  readonly broken: readonly { readonly key: string; readonly fault: AwshError }[];
}

/** Every session of the config file, then the start URLs of profiles without one. */
export function allSsoSessions(files: AwsFiles, environment: Environment): SsoSessions {
  const startUrls = new Set(
    profileNames(files).flatMap((name) => {
      const settings = signInSettings(files, name);
      return settings.session || !settings.startUrl ? [] : [settings.startUrl];
    }),
  );
  const usable: SsoSession[] = [];
  const broken: { key: string; fault: UsageError }[] = [];
  const find = (key: string, work: () => SsoSession) => {
    try {
      usable.push(work());
    } catch (fault) {
      if (!(fault instanceof UsageError)) throw fault;
      broken.push({ key, fault });
    }
  };
  for (const name of files.ssoSessions.keys()) find(name, () => namedSession(name, files, environment));
  for (const url of startUrls) {
    const profiles = profilesWith(files, 'sso_start_url', url);
    find(url, () => sessionOfProfiles(url, profiles, files, environment));
  }
  return { usable, broken };
}

function unknownSession(name: string, files: AwsFiles): UnknownProfileError {
  const names = [...files.ssoSessions.keys(), ...profileNames(files)];
  return new UnknownProfileError(
    printable(name),
    printable(files.configPath),
    nearestNames(name, names).map(printable),
    null,
    { what: 'sso-session or profile', next: 'awsh sso status' },
  );
}

function profilesWith(files: AwsFiles, key: 'sso_session' | 'sso_start_url', value: string): string[] {
  return profileNames(files).filter((name) => {
    const { session, startUrl } = signInSettings(files, name);
    return key === 'sso_session' ? session === value : !session && startUrl === value;
  });
}

/** A profile that cannot be read uses no session; it does not stop the others. */
function signInSettings(files: AwsFiles, profile: string): { session?: string; startUrl?: string } {
  try {
    const { properties } = resolveProfile(files, profile);
    const [session, startUrl] = ['sso_session', 'sso_start_url'].map((key) => properties.get(key)?.value);
    return { ...(session && { session }), ...(startUrl && { startUrl }) };
  } catch (error) {
    if (error instanceof UsageError) return {};
    throw error;
  }
}

/** Cached, because doctor plans thousands of profiles of one session from the same files. */
const known = new WeakMap<AwsFiles, WeakMap<Environment, Map<string, SsoSession>>>();

function namedSession(name: string, files: AwsFiles, environment: Environment): SsoSession {
  const byEnvironment = known.get(files) ?? new WeakMap<Environment, Map<string, SsoSession>>();
  const byName = byEnvironment.get(environment) ?? new Map<string, SsoSession>();
  known.set(files, byEnvironment.set(environment, byName));
  const session = byName.get(name) ?? readSession(name, files, environment);
  byName.set(name, session);
  return session;
}

function readSession(name: string, files: AwsFiles, environment: Environment): SsoSession {
  const section = files.ssoSessions.get(name);
  if (section === undefined) {
    throw new UsageError(
      `there is no [sso-session ${printable(name)}] in ${printable(files.configPath)}`,
      'a profile names it; the AWS CLI stops here, too',
      'aws configure sso-session',
    );
  }
  requireUsableSection(section, `[sso-session ${printable(name)}]`);
  const setting = (key: string, form: RegExp, allowed: string): Setting => {
    const found = section.properties.get(key);
    const place = found?.place ?? section.place;
    if (found?.value && form.test(found.value)) return { value: found.value, from: showPlace(place), place };
    throw new UsageError(
      `${showPlace(place)}: [sso-session ${printable(name)}] has no usable ${key}`,
      `it must be ${allowed}`,
      correctionOf({ value: '', from: showPlace(place), place }),
    );
  };
  const start = setting('sso_start_url', /^https:\/\/[!-~]{1,400}$/, 'an https:// address');
  const startUrl = start.value;
  const region = setting('sso_region', /^./, 'a region');
  checkedRegion(region, null);
  const profiles = profilesWith(files, 'sso_session', name);
  const scopes = section.properties.get('sso_registration_scopes');
  const scopesPlace = scopes?.place ?? section.place;
  return {
    name,
    startUrl,
    region: region.value,
    prefersCode: section.properties.get('sso_use_device_code')?.value?.toLowerCase() === 'true',
    settings: {
      startUrl: start,
      region,
      scopes: { value: scopes?.value ?? '', from: showPlace(scopesPlace), place: scopesPlace },
    },
    scopes: scopesOf(scopes?.value),
    profiles,
    ...targetsOf(
      profiles,
      { region: region.value, startUrl },
      `[sso-session ${printable(name)}]`,
      files,
      environment,
    ),
  };
}

function scopesOf(text: string | undefined): string[] {
  const scopes = (text ?? '').split(',').map((scope) => scope.trim());
  const named = scopes.filter((scope) => /^[!-~]{1,128}$/.test(scope));
  return named.length === 0 ? [defaultScope] : named;
}

function sessionOfProfiles(
  startUrl: string,
  profiles: readonly string[],
  files: AwsFiles,
  environment: Environment,
): SsoSession {
  const first = profiles[0];
  const link = first === undefined ? null : linkOf(first, files, environment).link;
  const region = link?.property('sso_region') ?? null;
  const start = link?.property('sso_start_url') ?? null;
  if (!/^https:\/\/[!-~]{1,400}$/.test(startUrl) || region === null || start === null) {
    throw new UsageError(
      `profile ${JSON.stringify(printable(first ?? ''))} cannot sign in`,
      'it needs sso_start_url, an https:// address, and sso_region',
      region === null ? undefined : correctionOf(region),
    );
  }
  checkedRegion(region, null);
  const targets = targetsOf(
    profiles,
    { region: region.value, startUrl },
    printable(startUrl),
    files,
    environment,
  );
  const settings = { startUrl: start, region, scopes: start };
  const own = { name: null, startUrl, region: region.value, prefersCode: false, settings };
  return { ...own, scopes: [], profiles, ...targets };
}

function linkOf(profile: string, files: AwsFiles, environment: Environment) {
  const request: PlanRequest = { files, profile, keys: [], environment };
  return { link: new ProfileSettings(resolveProfile(files, profile), request), request };
}

/**
 * The endpoints of the session's services. They come from the profiles that use the session and set
 * one. Those must agree, because a token that was sent to one of them must not be sent to another.
 */
function targetsOf(
  profiles: readonly string[],
  at: { readonly region: string; readonly startUrl: string },
  shown: string,
  files: AwsFiles,
  environment: Environment,
): Pick<SsoSession, 'portalTarget' | 'tokenTarget' | 'caBundle' | 'caBundlePlace'> {
  const found = profiles.map((profile) => {
    const { link, request } = linkOf(profile, files, environment);
    return {
      profile,
      portal: portalTarget(link, request, at),
      tokens: tokenTarget(link, request, at),
      bundle: link.property('ca_bundle'),
    };
  });
  const withEndpoint = found.filter(({ portal, tokens }) => (portal.endpoint ?? tokens.endpoint) !== null);
  const [first, ...others] = withEndpoint;
  const other = others.find(
    ({ portal, tokens }) =>
      portal.endpoint !== first?.portal.endpoint || tokens.endpoint !== first?.tokens.endpoint,
  );
  if (first !== undefined && other !== undefined) {
    throw new UsageError(
      `profiles of ${shown} disagree about its endpoints`,
      `${printable(first.profile)} and ${printable(other.profile)} set different ones, and a token must be sent only to the one that issued it`,
      `aws configure set endpoint_url ${shellWord(first.portal.endpoint ?? first.tokens.endpoint ?? '')} ${profileOption(other.profile)}`,
    );
  }
  const used = first ?? found[0];
  const plain = { region: at.region, endpoint: null, ...startUrlVariant(at.startUrl) };
  const bundle = found.find((it) => it.bundle !== null)?.bundle;
  return {
    portalTarget: used?.portal ?? plain,
    tokenTarget: used?.tokens ?? plain,
    caBundle: bundle?.value ?? null,
    caBundlePlace: bundle?.place ?? null,
  };
}
