import type { AwsFiles } from '../profiles/index.ts';
import type { Prompter } from '../prompt/index.ts';
import type { StsConnection } from '../sessions/index.ts';
import type { AppPaths, Clock, Environment } from '../system/index.ts';
import type { Vault } from '../vault/index.ts';

/** The services and options of a rotation. */
export interface RotationRun {
  readonly files: AwsFiles;
  readonly vault: Vault;
  readonly prompter: Prompter;
  readonly clock: Clock;
  readonly paths: Pick<AppPaths, 'data' | 'locks'>;
  /** What affects the plan in addition to the files: AWS_MFA_SERIAL, and no endpoint. */
  readonly environment?: Environment;
  /** Sign with the key itself, although the profile has an MFA device. */
  readonly noSession?: boolean;
  /** A code from the command line: six digits. */
  readonly mfaToken?: string | undefined;
  readonly connection?: StsConnection | undefined;
  /** Prints one line for the user about each thing that was done. */
  readonly say: (line: string) => void;
  /** Shows a temporary line about what it is waiting for. */
  readonly waits?: (line: string) => void;
  /**
   * How long AWS may take to know a new key, in milliseconds; 60 s by default ("IAM is eventually
   * consistent").
   */
  readonly patienceMs?: number;
}
