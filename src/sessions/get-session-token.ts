import type { Credentials } from '../system/index.ts';
import type { StsConnection } from './connection.ts';
import type { GetSessionTokenStep } from './plan-steps.ts';
import { credentialsFromReply } from './session-reply.ts';
import { callSts } from './sts-client.ts';

/**
 * The result of a step, with times of this machine's clock, and the difference to AWS's clock in
 * milliseconds.
 */
export interface StepResult {
  readonly credentials: Credentials;
  readonly clockSkewMs: number;
}

/**
 * The user's own session. AWS's reply does not name its owner, so account and ARN stay null. Throws
 * StsFailure.
 */
export async function getSessionToken(
  step: GetSessionTokenStep,
  signer: Credentials,
  code: string | null,
  connection?: StsConnection,
): Promise<StepResult> {
  const { output, clockSkewMs } = await callSts(
    'GetSessionToken',
    {
      DurationSeconds: step.duration.seconds,
      ...(step.mfaSerial !== null && code !== null ? { SerialNumber: step.mfaSerial, TokenCode: code } : {}),
    },
    { credentials: signer, target: step.target, connection },
  );
  return { credentials: credentialsFromReply(output.Credentials, clockSkewMs, null), clockSkewMs };
}
