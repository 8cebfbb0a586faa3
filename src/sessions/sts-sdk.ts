// What awsh uses of the SDK, named one by one so that the bundle holds nothing else. Only sts-client.ts reaches this
// file, by import(), where a call is really made.
export {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
