import type { AwsFiles } from '../profiles/index.ts';
import type { Environment } from '../system/index.ts';
import type { KeyRecord } from '../vault/index.ts';
import type { Narrowing } from './narrowing.ts';

/** What a command line says, above the environment and the files. */
export interface PlanOptions {
  /** `--duration`. */
  readonly durationSeconds?: number;
  /** `--no-session`: no GetSessionToken, so a profile of plain keys gives these keys themselves. */
  readonly noSession?: boolean;
  /** `--region`: for the calls to STS and for the environment that is set. */
  readonly region?: string;
  /**
   * `exec --server`: MFA is to be asked once, for a session at the source that lasts a working day, so that the role can be
   * assumed again and again without a question.
   */
  readonly renewable?: boolean;
  /** `login`: no GetSessionToken for the profile itself, because AWS refuses GetFederationToken to such a session. */
  readonly signIn?: boolean;
  /** `--read-only`, `--policy`, `--policy-arn`, and what asks for the same elsewhere. */
  readonly narrowing?: Narrowing;
  /** No longer session than a time box needs, within what AWS gives: 900 seconds at least. */
  readonly atMostSeconds?: number;
  /** The setting role_session_name as it is here, with `{profile}` still in it: for roles that nothing else gives a name. */
  readonly sessionNaming?: string;
}

/** All that a plan is made from. Planning reads nothing else: no disk, no network, no process environment. */
export interface PlanRequest {
  readonly files: AwsFiles;
  readonly profile: string;
  /** The index of stored keys; no secret. */
  readonly keys: readonly KeyRecord[];
  /**
   * The caller's environment with awsh's own variables taken out, for `exec` and `export`. Empty on the directory path,
   * where the environment does not steer (SECURITY 4).
   */
  readonly environment: Environment;
  readonly options?: PlanOptions;
  /** The directory file's region: it sets the shell's region and never where STS is called (SECURITY 7). */
  readonly directoryRegion?: string | null;
}
