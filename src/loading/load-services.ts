import type { TrustStore } from '../directory/index.ts';
import type { AwsFiles } from '../profiles/index.ts';
import type { Plan, PlanIdentity, TimeBox } from '../sessions/index.ts';
import type { Settings } from '../settings/index.ts';
import type { AppPaths, Clock, Credentials, Refusal } from '../system/index.ts';
import type { KeyRecord } from '../vault/index.ts';

export interface SupervisedAgent {
  readonly name: string;
  readonly rule: 'read-only' | 'ask' | 'refuse';
}

/** What may be done to get a session. */
export interface CredentialsRequest {
  /** The user may be asked. */
  readonly ask: boolean;
  /** Get a new session even if the cached one is still good. */
  readonly refresh: boolean;
  /**
   * Use any cached session that has not expired, however little time it has left; try nothing else.
   */
  readonly cachedOnly: boolean;
  /** The account must be confirmed by AWS. */
  readonly needAccount: boolean;
}

/**
 * The services that a load uses. In the foreground, credentials come from the session cache and
 * from AWS; in the agent, from its memory.
 */
export interface LoadServices {
  readonly clock: Clock;
  readonly paths: AppPaths;
  readonly settings: Settings;
  readonly trust: TrustStore;
  readonly awsFiles: () => AwsFiles;
  readonly keys: () => readonly KeyRecord[];
  readonly credentials: (plan: Plan, request: CredentialsRequest) => Promise<Credentials>;
  /**
   * Called before credentials are given. Throws AwshError if they must not be given because the log
   * line cannot be written.
   */
  readonly granted: (plan: Plan, credentials: Credentials) => void;
  /** Called if a guard gives nothing to a load that the user asked for. */
  readonly refused: (refusal: Refusal) => void;
  /** The coding agent that runs the shell, if the settings treat it differently. */
  readonly codingAgent?: SupervisedAgent | undefined;
  /** Records how long a protected profile may be loaded. */
  readonly openBox: (identity: PlanIdentity, box: TimeBox) => void;
  /** Asks the user yes or no; null if the user cannot be asked. */
  readonly confirm: (question: string) => Promise<boolean | null>;
  /** The user's reason; null if nobody can be asked. CancelledError, and RefusedError after three answers that are none. */
  readonly askReason: (question: string) => Promise<string | null>;
}
