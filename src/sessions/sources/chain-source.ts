import {
  type AwsFiles,
  editCommand,
  hasIdentity,
  hasKeysBesideRole,
  ignoredSectionOf,
  includedSections,
  includeOf,
  isKeySource,
  keyHolder,
  type Place,
  sessionKeysOf,
} from '../../profiles/index.ts';
import {
  NoCredentialsError,
  operandWord,
  printable,
  profileOption,
  shellWord,
  UsageError,
} from '../../system/index.ts';
import { configuredRole } from '../configured-role.ts';
import { requirePlainKeyForm } from '../plain-key-form.ts';
import type { PlanRequest } from '../plan-request.ts';
import type { LoginStep, ProcessStep, SourceStep, StaticKeysStep, WebIdentityStep } from '../plan-steps.ts';
import {
  configuredPath,
  givenByVariables,
  type ProfileSettings,
  type Setting,
  showPlace,
} from '../profile-settings.ts';
import { sharedParameters } from '../role-parameters.ts';
import { roleDuration } from '../step-duration.ts';
import { checkedTarget, signInTarget } from '../sts-target.ts';
import { credentialSourceStep } from './credential-source.ts';
import { roleCredentialsStep } from './identity-center.ts';

/**
 * How the last profile of a chain, which has no stored key, gets its credentials. aws-vault's order
 * (vault/vault.go, GetProviderForProfile), with the sources it does not support at the AWS CLI's
 * position: keys in plain text, credential_source, SSO, web identity, credential_process,
 * login_session. `user` is the profile that names this one as its source.
 */
export function chainSource(
  base: ProfileSettings,
  user: ProfileSettings | undefined,
  request: PlanRequest,
): SourceStep {
  return (
    staticKeys(base, user) ??
    credentialSourceStep(base) ??
    roleCredentialsStep(base, request) ??
    webIdentityStep(base, request) ??
    processStep(base) ??
    loginStep(base, request) ??
    refuse(base, user, request)
  );
}

/** Keys in plain text in an AWS file; also null if the profile's role has another source. */
function staticKeys(link: ProfileSettings, user: ProfileSettings | undefined): StaticKeysStep | null {
  const id = link.property('aws_access_key_id');
  const secret = link.property('aws_secret_access_key');
  if (id?.place == null || secret === null) return null;
  if (!isKeySource(link.profile, user?.profile) && hasKeysBesideRole(link.profile)) {
    const others = ['credential_source', 'web_identity_token_file', 'web_identity_token_process'];
    if (others.some((key) => link.property(key) !== null)) return null;
    requireNamedSource(link, id);
  }
  requirePlainKeyForm(link, id, secret);
  const session = sessionKeysOf(link.profile);
  return {
    kind: 'static-keys',
    profile: link.name,
    accessKeyId: printable(id.value),
    place: id.place,
    temporary: session !== null,
    expires: session?.ends?.at ?? null,
    renew: session?.tool?.renew.map(shellWord).join(' ') ?? null,
  };
}

/**
 * The SDKs disagree about a role without a named source, so neither the role nor the keys are used.
 */
function requireNamedSource(link: ProfileSettings, id: Setting): void {
  const role = link.find('role_arn');
  if (role?.place == null || link.profile.isOwnSource) return;
  const shown = JSON.stringify(printable(link.name));
  throw new NoCredentialsError(
    `profile ${shown} has a role_arn (${role.from}) and no source for it, beside keys of its own (${id.from})`,
    `the AWS CLI stops here, too, and the SDK for JavaScript gives the keys without the role: to assume the role with these keys, write source_profile = ${printable(link.name)} below it; for the keys alone, remove it`,
    editCommand(role.place),
  );
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
      setting.place === null ? `awsh explain ${operandWord(link.name)}` : editCommand(setting.place),
    );
  }
  return {
    kind: 'AssumeRoleWithWebIdentity',
    profile: link.name,
    roleArn: role.setting.value,
    roleArnPlace: role.setting.place,
    ...sharedParameters(link),
    ...givenByVariables(role.setting, file),
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
    // The sign-in belongs to the profile with the property, which include_profile may make another
    // one.
    profile: link.profile.inheritedFrom.get('login_session') ?? link.name,
    loginSession: setting.value,
    target: signInTarget(link, request),
    cacheFolder: link.variable('AWS_LOGIN_CACHE_DIRECTORY')?.value ?? null,
  };
}

/** The error for a chain without credentials, and for [default] taken for them. */
function refuse(link: ProfileSettings, user: ProfileSettings | undefined, request: PlanRequest): never {
  const { files, keys } = request;
  const shown = JSON.stringify(printable(link.name));
  const source = user?.property('source_profile');
  const role = link.property('role_arn');
  const reasons = [
    user !== undefined && source
      ? `profile ${JSON.stringify(printable(user.name))} takes its credentials from it (${source.from})`
      : null,
    role !== null
      ? `it has role_arn (${role.from}) and no source_profile, credential_source or keys: the AWS CLI stops here, too`
      : link.profile.place !== null
        ? `the profile (${showPlace(link.profile.place)}) has no credentials of its own`
        : null,
  ].filter((reason) => reason !== null);
  const add = `awsh add ${operandWord(link.name)}`;
  const ignored = ignoredSectionOf(link.name, files);
  if (ignored !== null) reasons.push(ignored.why);
  const place = placeForInclude(link, files, keys);
  if (place !== null) {
    reasons.push(
      `the role and credentials of [default] are not inherited: to use them, write include_profile = default below ${showPlace(place)}, as the next command does; to store a key of its own instead: ${add}`,
    );
  }
  const include = `aws configure set include_profile default ${profileOption(link.name)}`;
  throw new NoCredentialsError(
    `no access key is stored for profile ${shown}`,
    reasons.length === 0 ? undefined : reasons.join('; '),
    ignored?.next ?? (place === null ? add : include),
    link.name,
  );
}

/**
 * The place where `include_profile = default` would help; null if the profile includes another one,
 * or if [default] has no credentials either.
 */
function placeForInclude(link: ProfileSettings, files: AwsFiles, keys: PlanRequest['keys']): Place | null {
  const section = files.profiles.get(link.name);
  if (section === undefined || link.name === 'default' || includeOf(section) !== null) return null;
  const hasKeys = (name: string) => keys.some(({ profile }) => profile === name);
  const isSomebody =
    keyHolder(files, 'default', hasKeys) !== null || includedSections(files, 'default').some(hasIdentity);
  return isSomebody ? section.place : null;
}
