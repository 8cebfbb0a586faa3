import type { Secret } from './secret.ts';

/** What signs a call to AWS: a user's access key (no token, no expiration) or a session. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  readonly sessionToken: Secret | null;
  readonly expiration: Date | null;
  /**
   * The account that AWS itself reported for these credentials (AssumeRole's reply or
   * GetCallerIdentity), never a guess.
   */
  readonly accountId: string | null;
  /** The caller's ARN from the same source. */
  readonly arn: string | null;
}
