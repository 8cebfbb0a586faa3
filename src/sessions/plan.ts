import { editCommand } from '../profiles/index.ts';
import { printable, UsageError } from '../system/index.ts';
import { checkedRegion, configuredRole } from './configured-role.ts';
import { defaultServices } from './default-services.ts';
import { otherSourcesBeside } from './ignored-lines.ts';
import { narrowedSteps } from './narrowed-steps.ts';
import { checkedValue } from './plan-checks.ts';
import type { PlanRequest } from './plan-request.ts';
import {
  type AssumeRoleStep,
  type GetSessionTokenStep,
  isTemporary,
  type Plan,
  type Step,
} from './plan-steps.ts';
import { findChain, type ProfileChain } from './profile-chain.ts';
import {
  configuredPath,
  givenByVariables,
  mfaProcessOf,
  type ProfileSettings,
  type Setting,
  showPlace,
} from './profile-settings.ts';
import { programVariables } from './program-variables.ts';
import { stepsWithReason, tellsAwsReason } from './reason.ts';
import { roleParameters } from './role-parameters.ts';
import { profileEndpoint, servicesWithoutEndpoint } from './service-endpoints.ts';
import { sessionIds } from './session-id.ts';
import { ignoredDurations, minTtl, roleDuration, sessionDuration } from './step-duration.ts';
import { checkedTarget } from './sts-target.ts';

/**
 * The steps from a profile to its credentials, by aws-vault's rules (its vault/vault.go), made
 * without any call or secret. Throws UnknownProfileError (exit 3), NoCredentialsError (4), and
 * UsageError (2), with file and line, for what AWS would only refuse later: cycles, malformed role
 * ARNs, regions, durations and endpoints.
 */
export function planFor(request: PlanRequest): Plan {
  const plan = planWithoutIds(request);
  let ids: Plan['sessionIds'] | undefined;
  return {
    ...plan,
    // Made when they are needed: `explain` without a stored session needs none, and takes 10 % less
    // processor time without node:crypto.
    get sessionIds() {
      ids ??= sessionIds(plan);
      return ids;
    },
  };
}

/**
 * The plan's notes, printed with new credentials for a program. A shell may have a region of its
 * own, so it is not told that one is missing.
 */
export function notesForProgram({ notes, region }: Plan): readonly string[] {
  if (region !== null) return notes;
  return [
    ...notes,
    'no region is set: programs that need one stop; use --region, or set region in the profile',
  ];
}

/**
 * Throws as {@link planFor} does. Skips the session ids, which take a third of a plan's time,
 * because doctor checks every profile.
 */
export function checkPlan(
  request: PlanRequest,
  chain?: ProfileChain,
): Pick<Plan, 'caBundle' | 'caBundlePlace'> {
  return planWithoutIds(request, chain);
}

/** Throws UsageError for anything in a step that AWS would refuse. */
export function checkSteps(chain: ProfileChain, request: PlanRequest): void {
  planSteps(chain, request, []);
}

function planWithoutIds(request: PlanRequest, chain = findChain(request)): Omit<Plan, 'sessionIds'> {
  const narrowing = request.options?.narrowing;
  const other = narrowing?.readOnly ? chain.target.property('read_only_profile') : null;
  if (other !== null) return planInPlace(other, request);
  const notes = ignoredDurations(request);
  const fullSteps = planSteps(chain, request, notes);
  const least = narrowing === undefined ? fullSteps : narrowedSteps(fullSteps, narrowing, request);
  const reason = request.options?.reason;
  const steps = reason === undefined ? least : stepsWithReason(least, reason);
  if (reason !== undefined && !tellsAwsReason({ steps }, reason))
    notes.push('AWS accepts no reason for this session, so only awsh log shows it');
  const { configPath, credentialsPath } = request.files;
  const bundle = chain.target.property('ca_bundle');
  const services = defaultServices(chain.target, request);
  const warnings = [...services.warnings, ...servicesWithoutEndpoint(chain.target, request.files)];
  return {
    profile: request.profile,
    ...(narrowing !== undefined && { narrowing }),
    ...(reason !== undefined && { reason }),
    ...(request.options?.atMostSeconds !== undefined && { atMostSeconds: request.options.atMostSeconds }),
    ...(request.options?.sessionNaming !== undefined && { sessionNaming: request.options.sessionNaming }),
    chain: chain.links.map((link) => link.name),
    steps,
    region: shellRegion(chain, request),
    endpointUrl: profileEndpoint(chain.target),
    target: checkedTarget(chain.target, request, partitionOf(chain)),
    caBundle: bundle && configuredPath(bundle),
    caBundlePlace: bundle?.place ?? null,
    programVariables: programVariables(chain.target, request),
    awsEndpoints: services.awsEndpoints,
    programWarnings: warnings,
    minTtlSeconds: minTtl(request.environment),
    configPath,
    credentialsPath,
    notes,
    warnings: [...chain.warnings, ...roleOfVariable(chain.target), ...warnings],
  };
}

/**
 * The plan of the profile that the user has named as the read-only one: it needs no narrowing. If
 * that profile names another one, it is not the read-only one itself.
 */
function planInPlace(setting: Setting, request: PlanRequest): Omit<Plan, 'sessionIds'> {
  const { narrowing, ...options } = request.options ?? {};
  // A role named by a variable would replace that profile's own.
  const { AWS_ROLE_ARN: _, AWS_WEB_IDENTITY_TOKEN_FILE: __, ...environment } = request.environment;
  const names = [request.profile];
  const notes: string[] = [];
  for (let next: Setting | null = setting; ; ) {
    const { value, from } = next;
    if (names.includes(value)) throw readOnlyInCircle(names, next);
    names.push(value);
    notes.push(`read_only_profile (${from}) names ${printable(value)}`);
    const other = { ...request, profile: value, options, environment };
    const chain = findChain(other);
    next = chain.target.property('read_only_profile');
    if (next !== null) continue;
    const plan = planWithoutIds(other, chain);
    return {
      ...plan,
      ...(narrowing !== undefined && { narrowing }),
      inPlaceOf: request.profile,
      notes: [`${notes.join(', ')}: it is used in place of ${printable(request.profile)}`, ...plan.notes],
    };
  }
}

/** The user's permissions would not be reduced at all. */
function readOnlyInCircle(names: readonly string[], { value, from, place }: Setting): UsageError {
  const shown = [...names, value].map(printable).join(' → ');
  return new UsageError(
    `profile ${JSON.stringify(printable(names[0] ?? value))} has no read-only profile`,
    `read_only_profile (${from}) leads back to a profile that is not read-only: ${shown}`,
    place === null ? 'awsh config aws' : editCommand(place),
  );
}

/** `awsh import` refuses the key of a profile that names another source, too. */
function adviceOnImport({ base, source }: ProfileChain): string {
  const isElsewhere = source.kind === 'static-keys' && otherSourcesBeside(base).length > 0;
  return isElsewhere ? '' : ': awsh import stores it in the vault';
}

const withoutMfa =
  'this session is made without MFA: AWS refuses calls to IAM made with it (set mfa_serial, or use --no-session)';

function planSteps(chain: ProfileChain, request: PlanRequest, notes: string[]): Step[] {
  const { source, base } = chain;
  const steps: Step[] = [source];
  if (source.kind === 'static-keys') {
    const where = `the ${source.temporary ? 'session keys' : 'access key'} of profile ${printable(base.name)}`;
    notes.push(
      source.temporary
        ? `${where} are in plain text in ${showPlace(source.place)}, and are renewed by the program that wrote them`
        : `${where} is in plain text in ${showPlace(source.place)}${adviceOnImport(chain)}`,
    );
  }
  const session = sessionStep(chain, request);
  if (session !== null) {
    steps.push(session);
    if (session.mfaSerial === null) {
      // A narrowed one can call IAM neither with MFA nor without.
      if (request.options?.narrowing === undefined || chain.roles.length > 0) notes.push(withoutMfa);
    }
  }
  for (const link of chain.roles.toReversed()) {
    const role = roleStep(link, chain, request, steps, notes);
    if (role !== null) steps.push(role);
  }
  if (steps.length === 1 && !isTemporary(source) && !request.options?.signIn) {
    notes.push('--no-session gives the long-term access key itself: it does not expire');
  }
  return steps;
}

/**
 * The GetSessionToken step, or null. Without a role it is the profile's result. Before roles it
 * carries one MFA code to all of them: only if both profiles name the same device, and not if the
 * only role asks for more than the hour that AWS allows for a role assumed with a session. A
 * renewable plan has it wherever a code is needed.
 */
function sessionStep(chain: ProfileChain, request: PlanRequest): GetSessionTokenStep | null {
  const { base, links, roles, source } = chain;
  const hasOwnKey = source.kind === 'stored-keys' || source.kind === 'static-keys';
  if (request.options?.noSession || !hasOwnKey || isTemporary(source)) return null;
  const { renewable = false, signIn = false } = request.options ?? {};
  let mfaSerial = base.value('mfa_serial');
  const shared = roles.length > 0;
  if (!shared && signIn) return null;
  if (shared) {
    const callers = renewable ? roles : roles.filter((link) => link !== base);
    const device = callers.at(-1)?.value('mfa_serial') ?? null;
    if (device === null) return null;
    const keepsFullTime = roles.length === 1 && roleDuration(roles[0] ?? base, request, false).seconds > 3600;
    if (renewable) mfaSerial = device;
    else if (keepsFullTime || device !== mfaSerial) return null;
  }
  const device = mfaSerial ?? links.findLast((link) => link.value('mfa_serial'))?.value('mfa_serial') ?? null;
  const owner = links.find((link) => device !== null && link.value('mfa_serial') === device);
  if (owner !== undefined) checkedValue(owner, 'mfa_serial');
  return {
    kind: 'GetSessionToken',
    profile: base.name,
    mfaSerial: device,
    mfaProcess: device === null ? null : mfaProcessOf(links.toReversed()),
    duration: sessionDuration(request, shared),
    target: checkedTarget(base, request, partitionOf(chain)),
  };
}

function roleStep(
  link: ProfileSettings,
  { links }: ProfileChain,
  request: PlanRequest,
  before: readonly Step[],
  notes: string[],
): AssumeRoleStep | null {
  const role = configuredRole(link);
  if (role === null) return null;
  const caller = before.at(-1);
  const duration = roleDuration(link, request, caller !== undefined && isTemporary(caller));
  if (duration.capped !== null && link.name === request.profile) {
    notes.push(
      `${duration.from} asks for ${duration.capped.askedSeconds} seconds, but ${duration.capped.why}: it gets ${duration.seconds}`,
    );
  }
  const mfaSerial = mfaFor(link, before);
  return {
    kind: 'AssumeRole',
    profile: link.name,
    roleArn: role.setting.value,
    roleArnPlace: role.setting.place,
    ...roleParameters(link),
    ...givenByVariables(role.setting),
    mfaSerial,
    mfaProcess: mfaSerial === null ? null : mfaProcessOf(links.slice(links.indexOf(link))),
    duration,
    target: checkedTarget(link, request, role.partition),
  };
}

/**
 * The MFA device to send with AssumeRole. None if the session below already carries it, or if the
 * caller is a role: the device must be "associated with the user who is making the AssumeRole call"
 * (STS API Reference), and roles have none.
 */
function mfaFor(link: ProfileSettings, before: readonly Step[]): string | null {
  const serial = link.value('mfa_serial');
  const caller = before.at(-1);
  if (caller !== undefined && roleKinds.includes(caller.kind)) return null;
  return caller?.kind === 'GetSessionToken' && caller.mfaSerial === serial
    ? null
    : checkedValue(link, 'mfa_serial');
}

/** Steps that give a role's session. */
const roleKinds: readonly Step['kind'][] = [
  'AssumeRole',
  'AssumeRoleWithWebIdentity',
  'GetRoleCredentials',
  'container',
  'instance',
];

/**
 * A note about a role from AWS_ROLE_ARN that overrides the profile's; aws-vault does this silently.
 */
function roleOfVariable(target: ProfileSettings): string[] {
  const role = configuredRole(target)?.setting;
  if (role?.from !== 'AWS_ROLE_ARN' || role.value === target.property('role_arn')?.value) return [];
  const shown = JSON.stringify(printable(target.name));
  return [
    `role_arn comes from AWS_ROLE_ARN, not from profile ${shown}; if you do not want that: unset AWS_ROLE_ARN`,
  ];
}

/** The partition of the first role's ARN in the chain; null if there is no role. */
function partitionOf({ links }: ProfileChain): string | null {
  for (const link of links) {
    const role = configuredRole(link);
    if (role !== null) return role.partition;
  }
  return null;
}

/** The region for the shell: the option, then the directory file, then environment and profile. */
function shellRegion(chain: ProfileChain, request: PlanRequest): string | null {
  const partition = partitionOf(chain);
  const configured = checkedRegion(chain.target.find('region'), partition);
  if (!request.directoryRegion || request.options?.region) return configured;
  const setting = { value: request.directoryRegion, from: 'the .awsprofile', place: null };
  return checkedRegion(setting, partition);
}
