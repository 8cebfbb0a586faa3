import type { AwsFiles } from '../profiles/index.ts';
import type { Environment } from '../system/index.ts';
import type { KeyRecord } from '../vault/index.ts';
import type { Narrowing } from './narrowing.ts';
import type { SessionReason } from './reason.ts';

/** The options of a command line, which override the environment and the files. */
export interface PlanOptions {
  /** `--duration`. */
  readonly durationSeconds?: number;
  /** `--no-session`: no GetSessionToken, so a profile with an access key gives that key itself. */
  readonly noSession?: boolean;
  /** `--region`: for the calls to STS and for the command's environment. */
  readonly region?: string;
  /**
   * `exec --server`: MFA must be asked for only once, for a source session that lasts a working
   * day, so that the role can be assumed repeatedly without a question.
   */
  readonly renewable?: boolean;
  /**
   * `login`: no GetSessionToken for the profile itself, because AWS refuses GetFederationToken with
   * such a session.
   */
  readonly signIn?: boolean;
  /** `--read-only`, `--policy`, `--policy-arn`, and the equivalents in other places. */
  readonly narrowing?: Narrowing;
  /** Why the user wants the profile. */
  readonly reason?: SessionReason;
  /** The longest session that a time box needs, within AWS's limits: at least 900 seconds. */
  readonly atMostSeconds?: number;
  /**
   * The setting role_session_name with the values of this directory, still containing `{profile}`;
   * used for roles without another session name.
   */
  readonly sessionNaming?: string;
}

/**
 * The whole input of a plan. Planning reads nothing else: no disk, no network, no process
 * environment.
 */
export interface PlanRequest {
  readonly files: AwsFiles;
  readonly profile: string;
  /** The index of stored keys, without secrets. */
  readonly keys: readonly KeyRecord[];
  /**
   * The caller's environment without awsh's own variables, for `exec` and `export`. Empty for a
   * directory, where the environment must not affect the plan (security rule 4).
   */
  readonly environment: Environment;
  readonly options?: PlanOptions;
  /**
   * The directory file's region: it sets the shell's region, and never where STS is called
   * (security rule 7).
   */
  readonly directoryRegion?: string | null;
}
