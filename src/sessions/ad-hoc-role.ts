import {
  type AwsFiles,
  findProfile,
  ignoredSectionOf,
  isRegion,
  nearestNames,
  type Property,
  parseRoleArn,
  profileNames,
  regionFitsPartition,
  resolveProfile,
} from '../profiles/index.ts';
import { switchVariables } from '../shell/index.ts';
import { printable, UnknownProfileError, UsageError } from '../system/index.ts';
import type { PlanRequest } from './plan-request.ts';
import { showPlace } from './profile-settings.ts';
import { parseSessionTags } from './session-tags.ts';
import { homeRegion } from './sts-target.ts';

/** A role that no profile names: `--role-arn` and its options, as written. */
export interface AdHocRole {
  /** An ARN, or its short form `ACCOUNT:ROLE` or `PARTITION:ACCOUNT:ROLE`. */
  readonly roleArn: string;
  readonly sourceProfile: string;
  readonly externalId?: string | undefined;
  readonly sessionName?: string | undefined;
  /** `key=value,key=value`. */
  readonly tags?: string | undefined;
}

/**
 * The settings that a role takes from the profile that assumes it: how AWS is reached, and the
 * user's MFA device.
 */
const taken = [
  'region',
  'mfa_serial',
  'mfa_process',
  'endpoint_url',
  'services',
  'ignore_configured_endpoint_urls',
  'sts_regional_endpoints',
  ...switchVariables.map(([key]) => key),
  'ca_bundle',
];

/** Variables that a role on the command line overrides. */
const overruled = ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'];

const shortForm = /^(?:(aws[a-z-]*):)?([0-9]{12}):([\w+=,.@/-]{1,512})$/;

/** `arn:aws:iam::ACCOUNT:role/ROLE` for `ACCOUNT:ROLE`; null for any other form. */
export function roleArnOfShortForm(text: string): string | null {
  const [, partition = 'aws', account, role] = shortForm.exec(text) ?? [];
  return account === undefined ? null : `arn:${partition}:iam::${account}:role/${role}`;
}

/** The name of an ad-hoc role's session in the cache and in output: `ACCOUNT:ROLE`. */
export function adHocName(roleArn: string): string {
  const { account } = parsedArn(roleArn);
  return `${account}:${roleArn.slice(roleArn.indexOf(':role/') + ':role/'.length)}`;
}

/**
 * The request for this role, as if a profile of this name had it. Throws UnknownProfileError (exit
 * 3) if there is no such source, and UsageError (2) for what AWS would only refuse later.
 */
export function adHocRequest(request: PlanRequest, role: AdHocRole): PlanRequest {
  const roleArn = roleArnOfShortForm(role.roleArn) ?? role.roleArn;
  const name = adHocName(roleArn);
  requireSource(request, role.sourceProfile);
  const properties = roleProperties(request.files, { ...role, roleArn });
  requireRegionOf(parsedArn(roleArn).partition, properties.get('region'), request);
  const section = { name, place: { file: '--role-arn', line: 0 }, properties, fault: null };
  const files = { ...request.files, profiles: new Map([...request.files.profiles, [name, section]]) };
  const given = [
    ...overruled,
    ...(role.sessionName === undefined ? [] : ['AWS_ROLE_SESSION_NAME']),
    ...(role.tags === undefined ? [] : ['AWS_SESSION_TAGS']),
  ];
  const environment = Object.fromEntries(
    Object.entries(request.environment).filter(([variable]) => !given.includes(variable)),
  );
  return { ...request, files, profile: name, environment };
}

function roleProperties(files: AwsFiles, role: AdHocRole): Map<string, Property> {
  const source = resolveProfile(files, role.sourceProfile);
  const properties = new Map<string, Property>();
  for (const key of taken) {
    const property = source.properties.get(key);
    if (property?.value) properties.set(key, property);
  }
  const put = (key: string, option: string, value: string | undefined, form: RegExp, why: string) => {
    if (value === undefined) return;
    if (!form.test(value)) throw new UsageError(`AWS does not accept this value for ${option}`, why);
    properties.set(key, { value, place: { file: option, line: 0 }, nested: null });
  };
  put('role_arn', '--role-arn', role.roleArn, /./, '');
  put('source_profile', '--source-profile', role.sourceProfile, /./, '');
  // STS API Reference, AssumeRole: ExternalId and RoleSessionName.
  const externalIds = '2 to 1224 letters, digits and + = , . @ : / - _';
  put('external_id', '--external-id', role.externalId, /^[\w+=,.@:/-]{2,1224}$/, externalIds);
  const names = '2 to 64 letters, digits and + = , . @ - _';
  put('role_session_name', '--session-name', role.sessionName, /^[\w+=,.@-]{2,64}$/, names);
  put('session_tags', '--tags', role.tags, /^[^\0-\x1f\x7f]+$/, 'it looks like key=value,key=value');
  checkTags(role.tags);
  return properties;
}

/**
 * A role in another partition than its source's region. With `--region` it can be assumed, and the
 * source stays unchanged.
 */
function requireRegionOf(
  partition: string,
  region: Property | undefined,
  { options, environment }: PlanRequest,
): void {
  const named = options?.region ?? (environment.AWS_REGION || environment.AWS_DEFAULT_REGION);
  if (named || region === undefined) return;
  if (!isRegion(region.value) || regionFitsPartition(region.value, partition)) return;
  throw new UsageError(
    `--role-arn names a role of partition ${partition}, and the region ${region.value} is in another`,
    `the region is that of the source profile (${showPlace(region.place)}): name one of the role's partition`,
    `add --region ${homeRegion(partition)}`,
  );
}

function checkTags(tags: string | undefined): void {
  if (tags === undefined) return;
  const parsed = parseSessionTags({ value: tags, from: '--tags', place: null });
  if (parsed.every(({ key }) => key !== '')) return;
  throw new UsageError('--tags has a tag without a key', 'it looks like key=value,key=value');
}

function requireSource({ files, keys }: PlanRequest, name: string): void {
  if (findProfile(files, name) !== null || keys.some(({ profile }) => profile === name)) return;
  const names = [...profileNames(files), ...keys.map(({ profile }) => profile)];
  const near = nearestNames(name, names).map(printable);
  const ignored = ignoredSectionOf(name, files);
  throw new UnknownProfileError(printable(name), printable(files.configPath), near, ignored);
}

function parsedArn(roleArn: string) {
  try {
    return parseRoleArn({ value: roleArn, place: { file: '--role-arn', line: 0 } });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError('--role-arn is not the ARN of a role', `${error.why}, or ACCOUNT:ROLE`);
  }
}
