import { sessionKeysOf } from '../../profiles/index.ts';
import { quotePosix } from '../../shell/index.ts';
import { NoCredentialsError, printable, UsageError } from '../../system/index.ts';
import { configuredRole } from '../configured-role.ts';
import type { PlanRequest } from '../plan-request.ts';
import type { LoginStep, ProcessStep, SourceStep, StaticKeysStep, WebIdentityStep } from '../plan-steps.ts';
import { configuredPath, type ProfileSettings, showPlace } from '../profile-settings.ts';
import { parseList } from '../session-tags.ts';
import { roleDuration } from '../step-duration.ts';
import { checkedTarget, signInTarget } from '../sts-target.ts';
import { credentialSourceStep } from './credential-source.ts';
import { roleCredentialsStep } from './identity-center.ts';

/**
 * How the last profile of a chain, which has no stored key, comes by its credentials. aws-vault's order (vault/vault.go,
 * GetProviderForProfile) with what it lacks put in where the AWS CLI has it: keys in plain text, credential_source, SSO,
 * web identity, credential_process, login_session. `user` is the profile that names this one as its source.
 */
export function chainSource(
  base: ProfileSettings,
  user: ProfileSettings | undefined,
  request: PlanRequest,
): SourceStep {
  return (
    staticKeys(base) ??
    credentialSourceStep(base) ??
    roleCredentialsStep(base, request) ??
    webIdentityStep(base, request) ??
    processStep(base) ??
    loginStep(base, request) ??
    refuse(base, user)
  );
}

/** Keys in plain text in an AWS file: a profile has only its own, they are never inherited. */
function staticKeys(link: ProfileSettings): StaticKeysStep | null {
  const id = link.profile.properties.get('aws_access_key_id');
  if (!id?.value || link.property('aws_secret_access_key') === null) return null;
  const session = sessionKeysOf(link.profile);
  return {
    kind: 'static-keys',
    profile: link.name,
    accessKeyId: printable(id.value),
    place: id.place,
    temporary: session !== null,
    expires: session?.ends?.at ?? null,
    renew: session?.tool?.renew.map((word) => quotePosix(printable(word))).join(' ') ?? null,
  };
}

function webIdentityStep(link: ProfileSettings, request: PlanRequest): WebIdentityStep | null {
  const file = link.find('web_identity_token_file');
  const command = link.property('web_identity_token_process');
  const setting = file ?? command;
  if (setting === null) return null;
  const role = configuredRole(link);
  if (role === null) {
    throw new UsageError(
      `${setting.from}: a web identity token without a role_arn`,
      'the token is exchanged for a session of a role',
    );
  }
  return {
    kind: 'AssumeRoleWithWebIdentity',
    profile: link.name,
    roleArn: role.setting.value,
    roleArnPlace: role.setting.place,
    roleSessionName: link.value('role_session_name'),
    policy: link.value('policy'),
    policyArns: parseList(link.find('policy_arns')),
    token: file === null ? { command: setting.value } : { file: configuredPath(file) },
    duration: roleDuration(link, request, false),
    target: checkedTarget(link, request, role.partition),
  };
}

function processStep(link: ProfileSettings): ProcessStep | null {
  const setting = link.property('credential_process');
  if (setting?.place == null) return null;
  return { kind: 'process', profile: link.name, command: setting.value, place: setting.place };
}

function loginStep(link: ProfileSettings, request: PlanRequest): LoginStep | null {
  const setting = link.property('login_session');
  if (setting === null) return null;
  return {
    kind: 'login',
    profile: link.name,
    loginSession: setting.value,
    target: signInTarget(link, request),
    cacheFolder: link.variable('AWS_LOGIN_CACHE_DIRECTORY')?.value ?? null,
  };
}

/** Says what the end of the chain lacks. */
function refuse(link: ProfileSettings, user: ProfileSettings | undefined): never {
  const shown = JSON.stringify(printable(link.name));
  const source = user?.property('source_profile');
  const why =
    user !== undefined && source
      ? `profile ${JSON.stringify(printable(user.name))} takes its credentials from it (${source.from})`
      : link.profile.place !== null
        ? `the profile (${showPlace(link.profile.place)}) names no source_profile either`
        : undefined;
  const next = `awsh add ${quotePosix(printable(link.name))}`;
  throw new NoCredentialsError(`no access key is stored for profile ${shown}`, why, next, link.name);
}
