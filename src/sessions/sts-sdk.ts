// The parts of the SDK that awsh uses, named one by one so that the bundle contains nothing else.
// Only sts-client.ts imports this file, by import(), before a call.
export {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
