import { invalidToken } from './authentication.ts';
import { type Action, type Input, queryService } from './query.ts';
import { AwsError, validationError } from './service.ts';
import type { AccessKey, User } from './state.ts';

/**
 * The calls of AWS Identity and Access Management about the caller's own user: identity, keys, MFA
 * device. No policies are evaluated.
 */
export const iam = queryService({
  name: 'iam',
  version: '2010-05-08',
  namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  actions: withCallerCheck({
    CreateAccessKey: (input) => {
      const user = userOf(input);
      if (user.keys.length >= 2) {
        throw new AwsError('LimitExceeded', 409, 'Cannot exceed quota for AccessKeysPerUser: 2');
      }
      const key = input.cloud.addKey(user, input.cloud.keySettleTime);
      return { AccessKey: { ...describeKey(user, key), SecretAccessKey: key.secret } };
    },
    DeleteAccessKey: (input) => {
      const { keys } = userOf(input);
      keys.splice(keys.indexOf(keyOf(input)), 1);
      return undefined;
    },
    GetAccessKeyLastUsed: ({ parameters, caller, cloud }) => {
      const found = cloud.findKey(parameters.required('AccessKeyId', { min: 16, max: 128 }));
      if (found === null || found.user.account !== caller.account) {
        throw new AwsError(
          'AccessDenied',
          403,
          'User is not authorized to perform: iam:GetAccessKeyLastUsed',
        );
      }
      const { lastUsed } = found.key;
      return {
        UserName: found.user.name,
        AccessKeyLastUsed: {
          LastUsedDate: lastUsed?.date,
          ServiceName: lastUsed?.service ?? 'N/A',
          Region: lastUsed?.region ?? 'N/A',
        },
      };
    },
    GetUser: (input) => {
      const user = userOf(input);
      const { name, id, arn, createdAt } = user;
      return { User: { Path: '/', UserName: name, UserId: id, Arn: arn, CreateDate: createdAt } };
    },
    ListAccessKeys: (input) => {
      const user = userOf(input);
      return {
        UserName: user.name,
        AccessKeyMetadata: user.keys.map((key) => describeKey(user, key)),
        IsTruncated: false,
      };
    },
    ListMFADevices: (input) => {
      const { name, mfa } = userOf(input);
      const devices =
        mfa === null ? [] : [{ UserName: name, SerialNumber: mfa.serial, EnableDate: mfa.enabledAt }];
      return { MFADevices: devices, IsTruncated: false };
    },
    UpdateAccessKey: (input) => {
      const key = keyOf(input);
      const status = input.parameters.required('Status', { pattern: /^(Active|Inactive)$/ });
      key.status = status === 'Active' ? 'Active' : 'Inactive';
      return undefined;
    },
  }),
});

/**
 * IAM refuses sessions made by GetSessionToken without an MFA code, and those made by
 * GetFederationToken.
 */
function withCallerCheck(actions: Record<string, Action>): Record<string, Action> {
  const check =
    (action: Action): Action =>
    (input) => {
      const { kind, mfa } = input.caller;
      if (kind === 'federated' || (kind === 'session-token' && !mfa)) throw invalidToken();
      return action(input);
    };
  return Object.fromEntries(Object.entries(actions).map(([name, action]) => [name, check(action)]));
}

/** The user named in the call, or the caller. */
function userOf({ parameters, caller, cloud }: Input): User {
  const name = parameters.text('UserName', { min: 1, max: 128, pattern: /^[\w+=,.@-]+$/ });
  if (name === null) {
    if (caller.user !== null) return caller.user;
    throw validationError('Must specify userName when calling with non-User credentials');
  }
  const user = cloud.users.find(
    (candidate) => candidate.account === caller.account && candidate.name === name,
  );
  if (user === undefined) throw noSuchEntity(`The user with name ${name} cannot be found.`);
  return user;
}

function keyOf(input: Input): AccessKey {
  const id = input.parameters.required('AccessKeyId', { min: 16, max: 128, pattern: /^[\w]*$/ });
  const key = userOf(input).keys.find((candidate) => candidate.id === id);
  if (key === undefined) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  return key;
}

function describeKey(user: User, key: AccessKey) {
  return { UserName: user.name, AccessKeyId: key.id, Status: key.status, CreateDate: key.createdAt };
}

const noSuchEntity = (message: string) => new AwsError('NoSuchEntity', 404, message);
