import { AwshError, type Credentials, printable } from '../system/index.ts';
import type { StsConnection } from './connection.ts';
import type { StsTarget } from './plan-steps.ts';
import { accountOf } from './session-reply.ts';
import { callSts } from './sts-client.ts';
import { explainFailure } from './sts-errors.ts';

/** The identity of credentials, as AWS reports it. */
export interface CallerIdentity {
  readonly accountId: string;
  readonly arn: string;
}

/**
 * Asks AWS for the identity of these credentials (GetCallerIdentity, which every caller may call).
 * `profile`: the one that they are stored for, which an error names.
 */
export async function callerIdentity(
  credentials: Credentials,
  target: StsTarget,
  connection?: StsConnection,
  profile?: string,
): Promise<CallerIdentity> {
  try {
    const { output } = await callSts('GetCallerIdentity', {}, { credentials, target, connection });
    const arn = printable(output.Arn ?? '');
    const accountId = accountOf(arn);
    if (accountId !== null && accountId === output.Account) return { accountId, arn };
  } catch (error) {
    const signer = `access key ****${credentials.accessKeyId.slice(-4)}`;
    throw explainFailure(error, { step: null, signer, mfaSent: false, profile });
  }
  throw new AwshError('awsRefused', 'AWS does not say whose these credentials are');
}

/**
 * Refuses credentials of any account other than the expected one (a directory file's `account`),
 * according to AWS itself. Returns them with account and ARN filled in.
 */
export async function verifyAccount(
  credentials: Credentials,
  expected: string,
  target: StsTarget,
  connection?: StsConnection,
): Promise<Credentials> {
  const { accountId, arn } = credentials;
  const known =
    accountId !== null && arn !== null
      ? { accountId, arn }
      : await callerIdentity(credentials, target, connection);
  if (known.accountId === expected) return { ...credentials, ...known };
  throw new AwshError(
    'other',
    `the credentials belong to account ${known.accountId}, not to ${printable(expected)}`,
    `AWS says they are ${known.arn}`,
    'check the account in the .awsprofile, and the profile that it names: awsh status',
  );
}
