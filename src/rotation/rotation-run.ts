import type { AwsFiles } from '../profiles/index.ts';
import type { Prompter } from '../prompt/index.ts';
import type { StsConnection } from '../sessions/index.ts';
import type { AppPaths, Clock, Environment } from '../system/index.ts';
import type { Vault } from '../vault/index.ts';

/** What a rotation works with. */
export interface RotationRun {
  readonly files: AwsFiles;
  readonly vault: Vault;
  readonly prompter: Prompter;
  readonly clock: Clock;
  readonly paths: Pick<AppPaths, 'data' | 'locks'>;
  /** What steers the plan beside the files: AWS_MFA_SERIAL, and no endpoint. */
  readonly environment?: Environment;
  /** Sign with the key itself, though the profile has an MFA device. */
  readonly noSession?: boolean;
  /** A code given beforehand: six digits. */
  readonly mfaToken?: string | undefined;
  readonly connection?: StsConnection | undefined;
  /** One line for the person about each thing that was done. */
  readonly say: (line: string) => void;
  /** A line about what is being waited for, which passes. */
  readonly waits?: (line: string) => void;
  /** How long AWS may take to know a new key, in milliseconds; 60 s by default ("IAM is eventually consistent"). */
  readonly patienceMs?: number;
}
