import { presentMfa } from './multi-factor.ts';
import type { Parameters } from './parameters.ts';
import type { Action, Input, UnsignedAction } from './query.ts';
import { AwsError, accessDenied, validationError } from './service.ts';
import { readPolicies } from './session-policies.ts';
import { credentialsOf } from './session-reply.ts';
import type { Cloud, Identity, Role, Session } from './state.ts';
import type { XmlRecord } from './xml.ts';

const sessionNameRule = { min: 2, max: 64, pattern: /^[\w+=,.@-]*$/ };
const oneHour = 3600;

export const assumeRole: Action = (input) => {
  const { parameters, caller, cloud } = input;
  const roleArn = parameters.required('RoleArn', { min: 20, max: 2048 });
  const sessionName = parameters.required('RoleSessionName', sessionNameRule);
  const externalId = parameters.text('ExternalId', { min: 2, max: 1224, pattern: /^[\w+=,.@:/-]*$/ });
  const sourceIdentity = parameters.text('SourceIdentity', sessionNameRule) ?? caller.sourceIdentity;
  const duration = parameters.number('DurationSeconds', 900, 43_200);
  const transitiveTags = readTransitiveTags(parameters, caller);
  const policies = readPolicies(parameters);
  const mfa = presentMfa(input) || caller.mfa;

  const role = cloud.findRole(roleArn);
  if (role === null || !trusts(role, caller, mfa, externalId)) {
    throw accessDenied(
      `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    );
  }
  const actions = [
    ...(parameters.tags().size > 0 ? ['sts:TagSession'] : []),
    ...(parameters.text('SourceIdentity') === null ? [] : ['sts:SetSourceIdentity']),
  ];
  const denied = actions.find((action) => role.trust.denies.includes(action));
  if (denied !== undefined)
    throw accessDenied(`User: ${caller.arn} is not authorized to perform: ${denied} on resource: ${roleArn}`);
  if (caller.kind === 'role' && duration !== null && duration > oneHour) {
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  const session = openRoleSession(cloud, role, sessionName, duration, {
    transitiveTags,
    sourceIdentity,
    policies,
  });
  return { ...roleReply(session), SourceIdentity: sourceIdentity ?? undefined };
};

export const assumeRoleWithWebIdentity: UnsignedAction = ({ parameters, cloud }) => {
  const roleArn = parameters.required('RoleArn', { min: 20, max: 2048 });
  const sessionName = parameters.required('RoleSessionName', sessionNameRule);
  const token = parameters.required('WebIdentityToken', { min: 4, max: 20_000 });
  const duration = parameters.number('DurationSeconds', 900, 43_200);
  const role = cloud.findRole(roleArn);
  const webIdentity = role?.trust.webIdentity;
  if (!role || !webIdentity) throw accessDenied('Not authorized to perform sts:AssumeRoleWithWebIdentity');
  if (webIdentity.token !== token) {
    throw new AwsError('InvalidIdentityToken', 400, 'The ID Token provided is not a valid JWT.');
  }
  const context = { transitiveTags: [], sourceIdentity: null, policies: readPolicies(parameters) };
  const session = openRoleSession(cloud, role, sessionName, duration, context);
  return { ...roleReply(session), SubjectFromWebIdentityToken: webIdentity.subject };
};

function trusts(role: Role, caller: Identity, mfa: boolean, externalId: string | null): boolean {
  const { principals, mfaRequired, externalId: wanted } = role.trust;
  // The only STS call that a federated user may make is GetCallerIdentity.
  if (caller.kind === 'federated') return false;
  if (mfaRequired && !mfa) return false;
  if (wanted !== null && wanted !== externalId) return false;
  const names = ['*', caller.arn, caller.role?.arn, caller.account, `arn:aws:iam::${caller.account}:root`];
  return principals.some((principal) => names.includes(principal));
}

type SessionContext = Pick<Identity, 'transitiveTags' | 'sourceIdentity' | 'policies'>;

/** A session of this role. The role's own maximum limits `duration`; the default is an hour. */
export function openRoleSession(
  cloud: Cloud,
  role: Role,
  sessionName: string,
  duration: number | null,
  context: SessionContext,
): Session {
  if (duration !== null && duration > role.maxSessionDuration) {
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  const identity: Identity = {
    ...context,
    kind: 'role',
    account: role.account,
    arn: `arn:aws:sts::${role.account}:assumed-role/${role.name.split('/').at(-1)}/${sessionName}`,
    id: `${role.id}:${sessionName}`,
    user: null,
    role,
    // AssumeRole's credentials carry no MFA information, even if a code was given.
    mfa: false,
  };
  return cloud.openSession(identity, duration ?? oneHour);
}

function roleReply(session: Session): XmlRecord {
  const { id, arn } = session.identity;
  return {
    AssumedRoleUser: { AssumedRoleId: id, Arn: arn },
    Credentials: credentialsOf(session),
    PackedPolicySize: 6,
  };
}

/** The session tags that are passed on to the next role of a chain. */
function readTransitiveTags(parameters: Parameters, caller: Input['caller']): string[] {
  const tags = parameters.tags();
  const keys = parameters.list('TransitiveTagKeys');
  if (keys.some((key) => !tags.has(key))) {
    throw validationError('The specified transitive tag key must be included in the requested tags.');
  }
  if ([...tags.keys()].some((key) => caller.transitiveTags.includes(key))) {
    throw new AwsError(
      'InvalidParameterValue',
      400,
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  }
  return [...caller.transitiveTags, ...keys];
}
