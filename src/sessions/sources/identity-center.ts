import { type AwsFiles, requireUsableSection, type Section } from '../../profiles/index.ts';
import { printable, profileOption, UsageError } from '../../system/index.ts';
import { checkedRegion } from '../configured-role.ts';
import { requireSameSso } from '../contradictions.ts';
import type { PlanRequest } from '../plan-request.ts';
import type { RoleCredentialsStep } from '../plan-steps.ts';
import { correctionOf, type ProfileSettings, type Setting, showPlace } from '../profile-settings.ts';
import { portalTarget, tokenTarget } from '../sts-target.ts';

/**
 * A profile of IAM Identity Center, null for one that is none. What its [sso-session] says wins over what stands in the
 * profile itself (aws-vault, vault/config.go). Only the files count: a token is never sent where a variable points.
 * UsageError where something is missing or not of its form.
 */
export function roleCredentialsStep(link: ProfileSettings, request: PlanRequest): RoleCredentialsStep | null {
  const name = link.property('sso_session');
  const ssoKeys = ['sso_start_url', 'sso_account_id', 'sso_role_name'];
  if (name === null && ssoKeys.every((key) => link.property(key) === null)) return null;
  // A sign-in for tokens alone: botocore takes no role from it, and goes on to the next source.
  const isRole = ['sso_account_id', 'sso_role_name'].some((key) => link.property(key) !== null);
  if (!isRole && otherSources.some((key) => link.property(key) !== null)) return null;
  const session = name === null ? undefined : request.files.ssoSessions.get(name.value);
  if (name !== null && session === undefined) throw missingSession(name, request.files);
  if (name !== null && session !== undefined) {
    requireUsableSection(session, `[sso-session ${printable(name.value)}] (${name.from})`);
    requireSameSso(link, session, name);
  }
  const find = (key: string) => sectionSetting(session, key) ?? link.property(key);
  const startUrl = required(link, 'sso_start_url', find, /^https:\/\/[!-~]{1,400}$/, 'an https:// address');
  const region = required(link, 'sso_region', find, /./, 'a region');
  checkedRegion(region, null);
  const signInProfile = link.profile.inheritedFrom.get(name === null ? 'sso_start_url' : 'sso_session');
  return {
    kind: 'GetRoleCredentials',
    profile: link.name,
    ...(signInProfile !== undefined && { signInProfile }),
    session: name?.value ?? null,
    startUrl: startUrl.value,
    account: required(link, 'sso_account_id', find, /^[0-9]{12}$/, 'twelve digits').value,
    roleName: required(link, 'sso_role_name', find, /^[\w+=,.@-]{1,64}$/, 'the name of a role').value,
    target: portalTarget(link, request, region.value),
    tokenTarget: tokenTarget(link, request, region.value),
  };
}

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
    `${key} belongs into the profile${/url|region/.test(key) ? ' or its [sso-session]' : ''}: ${allowed}`,
    `aws configure set ${key} ${key === 'sso_region' ? 'REGION' : 'VALUE'} ${profileOption(link.name)}`,
  );
}

function missingSession({ value, from }: Setting, { ssoSessions }: AwsFiles): UsageError {
  const names = [...ssoSessions.keys()].map(printable);
  return new UsageError(
    `${from}: there is no [sso-session ${printable(value)}]`,
    `${names.length === 0 ? 'the config file has no such section at all' : `there is: ${names.slice(0, 5).join(', ')}`}; the AWS CLI stops here, too`,
    `aws configure sso-session`,
  );
}
