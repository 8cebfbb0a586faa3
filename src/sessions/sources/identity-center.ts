import { type AwsFiles, realRegion, requireUsableSection, type Section } from '../../profiles/index.ts';
import { type AwshError, awshErrorOf, printable, profileOption, UsageError } from '../../system/index.ts';
import { checkedRegion } from '../configured-role.ts';
import { ssoContradictions } from '../contradictions.ts';
import type { PlanRequest } from '../plan-request.ts';
import type { RoleCredentialsStep } from '../plan-steps.ts';
import { correctionOf, type ProfileSettings, type Setting, showPlace } from '../profile-settings.ts';
import { findSsoSession } from '../sso/find-session.ts';
import { portalTarget, tokenTarget } from '../sts-target.ts';

/**
 * The step for a profile of IAM Identity Center, or null for any other. Its [sso-session] takes
 * precedence over the profile itself (aws-vault, vault/config.go). Only the files count: a token is
 * never sent to an endpoint from a variable. Throws UsageError if something is missing or
 * malformed.
 */
export function roleCredentialsStep(link: ProfileSettings, request: PlanRequest): RoleCredentialsStep | null {
  const name = link.property('sso_session');
  if (!isSignIn(link)) return null;
  const session = namedSession(link, request);
  const [contradiction] = name && session ? ssoContradictions(link, session, name) : [];
  if (contradiction !== undefined) throw contradiction;
  const settings = ssoSettings(link, session);
  const [startUrl, region] = [settings.startUrl(), settings.region()];
  const portal = { region: region.value, startUrl: startUrl.value };
  const target = portalTarget(link, request, portal);
  // A token from one endpoint must not be sent to another.
  if (name !== null && target.endpoint !== null) findSsoSession(name.value, request.files, noEnvironment);
  const signInProfile = link.profile.inheritedFrom.get(name === null ? 'sso_start_url' : 'sso_session');
  return {
    kind: 'GetRoleCredentials',
    profile: link.name,
    ...(signInProfile !== undefined && { signInProfile }),
    session: name?.value ?? null,
    startUrl: startUrl.value,
    account: settings.account().value,
    roleName: settings.roleName().value,
    target,
    tokenTarget: tokenTarget(link, request, portal),
  };
}

/** Every error for which {@link roleCredentialsStep} throws. */
export function roleCredentialsFaults(link: ProfileSettings, request: PlanRequest): AwshError[] {
  if (!isSignIn(link)) return [];
  const fault = awshErrorOf(() => namedSession(link, request));
  if (fault !== null) return [fault];
  const [name, session] = [link.property('sso_session'), namedSession(link, request)];
  return [
    ...(name && session ? ssoContradictions(link, session, name) : []),
    ...Object.values(ssoSettings(link, session)).flatMap((read) => awshErrorOf(read) ?? []),
  ];
}

/**
 * True if the profile signs in for a role. If it signs in only for tokens, botocore uses the next
 * source.
 */
function isSignIn(link: ProfileSettings): boolean {
  const has = (key: string) => link.property(key) !== null;
  if (!['sso_session', 'sso_start_url', 'sso_account_id', 'sso_role_name'].some(has)) return false;
  return ['sso_account_id', 'sso_role_name'].some(has) || !otherSources.some(has);
}

/** The profile's [sso-session]; undefined if it names none. */
function namedSession(link: ProfileSettings, { files }: PlanRequest): Section | undefined {
  const name = link.property('sso_session');
  if (name === null) return undefined;
  const session = files.ssoSessions.get(name.value);
  if (session === undefined) throw missingSession(name, files);
  requireUsableSection(session, `[sso-session ${printable(name.value)}] (${name.from})`);
  return session;
}

/** The settings of a sign-in. Each throws UsageError if it is missing or malformed. */
function ssoSettings(link: ProfileSettings, session: Section | undefined) {
  const find = (key: string) => sectionSetting(session, key) ?? link.property(key);
  return {
    startUrl: () => required(link, 'sso_start_url', find, /^https:\/\/[!-~]{1,400}$/, 'an https:// address'),
    region: () => {
      const region = required(link, 'sso_region', find, /./, 'a region');
      checkedRegion(region, null);
      // The portal is in one region; `aws-global` and the like are not regions.
      if (realRegion(region.value)?.region === region.value) return region;
      return required(link, 'sso_region', find, /^$/, 'the region of the access portal, like eu-west-1');
    },
    account: () => required(link, 'sso_account_id', find, /^[0-9]{12}$/, 'twelve digits'),
    roleName: () => required(link, 'sso_role_name', find, /^[\w+=,.@-]{1,64}$/, 'the name of a role'),
  };
}

/** Endpoints come from the files. Always the same object, so that the session is parsed once. */
const noEnvironment = {};

const otherSources = [
  'web_identity_token_file',
  'web_identity_token_process',
  'credential_process',
  'login_session',
];

function sectionSetting(section: Section | undefined, key: string): Setting | null {
  const found = section?.properties.get(key);
  return found?.value ? { value: found.value, from: showPlace(found.place), place: found.place } : null;
}

function required(
  link: ProfileSettings,
  key: string,
  find: (key: string) => Setting | null,
  form: RegExp,
  allowed: string,
): Setting {
  const setting = find(key);
  if (setting !== null && form.test(setting.value)) return setting;
  if (setting !== null) {
    throw new UsageError(
      `${setting.from}: ${key} is not ${allowed}`,
      `it is ${JSON.stringify(printable(setting.value.slice(0, 80)))}`,
      correctionOf(setting),
    );
  }
  throw new UsageError(
    `profile ${JSON.stringify(printable(link.name))} signs in through IAM Identity Center, but has no ${key}`,
    `${key} must be in the profile${/url|region/.test(key) ? ' or its [sso-session]' : ''}: ${allowed}`,
    `aws configure set ${key} ${key === 'sso_region' ? 'REGION' : 'VALUE'} ${profileOption(link.name)}`,
  );
}

function missingSession({ value, from }: Setting, { ssoSessions }: AwsFiles): UsageError {
  const names = [...ssoSessions.keys()].map(printable);
  return new UsageError(
    `${from}: there is no [sso-session ${printable(value)}]`,
    `${names.length === 0 ? 'the config file has no such section at all' : `the sessions in this file: ${names.slice(0, 5).join(', ')}`}; the AWS CLI stops here, too`,
    `aws configure sso-session`,
  );
}
