import { type Credentials, printable } from '../system/index.ts';
import type { StsConnection } from './connection.ts';
import type { StsTarget } from './plan-steps.ts';
import { credentialsFromReply } from './session-reply.ts';
import { callSts } from './sts-client.ts';
import { explainFailure } from './sts-errors.ts';

/**
 * A federated user may do what both this policy and the IAM user's own policies allow (aws-vault,
 * cli/login.go).
 */
const allowAll = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});

/**
 * A console session of the IAM user who owns this key. AWS requires a name of 2 to 32 characters
 * (STS API Reference, GetFederationToken), which has no other use.
 */
export async function federationToken(
  key: Credentials,
  { arn, seconds, target }: { arn: string; seconds: number; target: StsTarget },
  connection?: StsConnection,
): Promise<Credentials> {
  const name = (arn.split('/').at(-1) ?? '').replace(/[^\w+=,.@-]/g, '-');
  const Name = (name.includes(':') || name === '' ? 'root' : name).slice(0, 32).padEnd(2, '-');
  try {
    const input = { Name, Policy: allowAll, DurationSeconds: seconds };
    const { output, clockSkewMs } = await callSts('GetFederationToken', input, {
      credentials: key,
      target,
      connection,
    });
    return credentialsFromReply(output.Credentials, clockSkewMs, output.FederatedUser?.Arn ?? null);
  } catch (error) {
    const signer = `access key ****${printable(key.accessKeyId).slice(-4)}`;
    throw explainFailure(error, { step: null, signer, mfaSent: false });
  }
}
