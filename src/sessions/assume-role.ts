import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import type { Credentials } from '../system/index.ts';
import type { StsConnection } from './connection.ts';
import type { StepResult } from './get-session-token.ts';
import type { AssumeRoleStep } from './plan-steps.ts';
import { credentialsFromReply } from './session-reply.ts';
import { callSts } from './sts-client.ts';

/** A role's session, with the account and ARN from AWS's reply. Throws StsFailure. */
export async function assumeRole(
  step: AssumeRoleStep,
  signer: Credentials,
  code: string | null,
  connection?: StsConnection,
): Promise<StepResult> {
  const input = assumeRoleInput(step, code);
  const { output, clockSkewMs } = await callSts('AssumeRole', input, {
    credentials: signer,
    target: step.target,
    connection,
  });
  const arn = output.AssumedRoleUser?.Arn ?? null;
  return { credentials: credentialsFromReply(output.Credentials, clockSkewMs, arn), clockSkewMs };
}

function assumeRoleInput(step: AssumeRoleStep, code: string | null): AssumeRoleCommandInput {
  return {
    RoleArn: step.roleArn,
    RoleSessionName: step.roleSessionName ?? defaultSessionName(),
    DurationSeconds: step.duration.seconds,
    ...(step.mfaSerial !== null && code !== null ? { SerialNumber: step.mfaSerial, TokenCode: code } : {}),
    ...(step.externalId === null ? {} : { ExternalId: step.externalId }),
    ...(step.sourceIdentity === null ? {} : { SourceIdentity: step.sourceIdentity }),
    ...(step.tags.length > 0
      ? { Tags: step.tags.map(({ key, value }) => ({ Key: key, Value: value })) }
      : {}),
    ...(step.transitiveTagKeys.length > 0 ? { TransitiveTagKeys: [...step.transitiveTagKeys] } : {}),
    ...(step.policy === null ? {} : { Policy: step.policy }),
    ...(step.policyArns.length > 0 ? { PolicyArns: step.policyArns.map((arn) => ({ arn })) } : {}),
  };
}

/**
 * The time in nanoseconds, as aws-vault names sessions (vault/assumeroleprovider.go); Node's clock
 * has only milliseconds.
 */
export function defaultSessionName(): string {
  const nanosecond = process.hrtime.bigint() % 1_000_000n;
  return String(BigInt(Date.now()) * 1_000_000n + nanosecond);
}
