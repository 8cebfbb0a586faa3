/** The call that narrows the session of an access key. */
import type { Credentials } from '../system/index.ts';
import type { StsConnection } from './connection.ts';
import type { StepResult } from './get-session-token.ts';
import type { FederationTokenStep } from './plan-steps.ts';
import { credentialsFromReply } from './session-reply.ts';
import { callSts } from './sts-client.ts';

/** Signed with the key itself, because AWS refuses this call with a session. Throws StsFailure. */
export async function narrowedKey(
  step: FederationTokenStep,
  signer: Credentials,
  connection?: StsConnection,
): Promise<StepResult> {
  const input = {
    Name: step.name,
    DurationSeconds: step.duration.seconds,
    ...(step.policy === null ? {} : { Policy: step.policy }),
    ...(step.policyArns.length > 0 ? { PolicyArns: step.policyArns.map((arn) => ({ arn })) } : {}),
    ...(step.tags === undefined
      ? {}
      : { Tags: step.tags.map(({ key, value }) => ({ Key: key, Value: value })) }),
  };
  const { output, clockSkewMs } = await callSts('GetFederationToken', input, {
    credentials: signer,
    target: step.target,
    connection,
  });
  const arn = output.FederatedUser?.Arn ?? null;
  return { credentials: credentialsFromReply(output.Credentials, clockSkewMs, arn), clockSkewMs };
}
