import { assumeRole, assumeRoleWithWebIdentity } from './assume-role.ts';
import { presentMfa } from './multi-factor.ts';
import { type Input, queryService } from './query.ts';
import { accessDenied } from './service.ts';
import { readPolicies } from './session-policies.ts';
import { credentialsOf } from './session-reply.ts';
import type { XmlRecord } from './xml.ts';

/** AWS Security Token Service. */
export const sts = queryService({
  name: 'sts',
  version: '2011-06-15',
  namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  actions: {
    AssumeRole: assumeRole,
    GetCallerIdentity: ({ caller }) => ({ Arn: caller.arn, UserId: caller.id, Account: caller.account }),
    GetFederationToken: getFederationToken,
    GetSessionToken: getSessionToken,
  },
  unsigned: { AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity },
});

function getSessionToken(input: Input): XmlRecord {
  const { parameters, caller, cloud } = input;
  if (caller.kind !== 'user') throw accessDenied('Cannot call GetSessionToken with session credentials');
  const seconds = parameters.number('DurationSeconds', 900, 129_600) ?? 43_200;
  const mfa = presentMfa(input);
  return {
    Credentials: credentialsOf(cloud.openSession({ ...caller, kind: 'session-token', mfa }, seconds)),
  };
}

function getFederationToken({ parameters, caller, cloud }: Input): XmlRecord {
  if (caller.kind !== 'user') throw accessDenied('Cannot call GetFederationToken with session credentials');
  const name = parameters.required('Name', { min: 2, max: 32, pattern: /^[\w+=,.@-]*$/ });
  const seconds = parameters.number('DurationSeconds', 900, 129_600) ?? 43_200;
  const arn = `arn:aws:sts::${caller.account}:federated-user/${name}`;
  const id = `${caller.account}:${name}`;
  const policies = readPolicies(parameters);
  const session = cloud.openSession({ ...caller, kind: 'federated', arn, id, policies }, seconds);
  return {
    Credentials: credentialsOf(session),
    FederatedUser: { FederatedUserId: id, Arn: arn },
    PackedPolicySize: 6,
  };
}
