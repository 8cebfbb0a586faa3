import type { TrustStore } from '../directory/index.ts';
import type { AwsFiles } from '../profiles/index.ts';
import type { Plan, PlanIdentity, TimeBox } from '../sessions/index.ts';
import type { Settings } from '../settings/index.ts';
import type { AppPaths, Clock, Credentials } from '../system/index.ts';
import type { KeyRecord } from '../vault/index.ts';

export interface SupervisedAgent {
  readonly name: string;
  readonly rule: 'read-only' | 'ask' | 'refuse';
}

/** How much may be done for a session. */
export interface CredentialsRequest {
  /** A person may be asked. */
  readonly ask: boolean;
  /** A new session, even where the cached one is good. */
  readonly refresh: boolean;
  /** What is cached and alive will do, however little time it has left; nothing else is tried. */
  readonly cachedOnly: boolean;
  /** AWS's own word on the account is needed. */
  readonly needAccount: boolean;
}

/**
 * What a load works with. In the foreground, credentials come from the session cache and from AWS; in the agent from its
 * memory.
 */
export interface LoadServices {
  readonly clock: Clock;
  readonly paths: AppPaths;
  readonly settings: Settings;
  readonly trust: TrustStore;
  readonly awsFiles: () => AwsFiles;
  readonly keys: () => readonly KeyRecord[];
  readonly credentials: (plan: Plan, request: CredentialsRequest) => Promise<Credentials>;
  /** Called before they are given; AwshError if they may not be given without a line in the log. */
  readonly granted: (plan: Plan, credentials: Credentials) => void;
  /** The coding agent that runs the shell, if the settings make a difference for it. */
  readonly codingAgent?: SupervisedAgent | undefined;
  /** Keeps how long a protected profile may be loaded. */
  readonly openBox: (identity: PlanIdentity, box: TimeBox) => void;
  /** A yes or no of the person; null where nobody can be asked. */
  readonly confirm: (question: string) => Promise<boolean | null>;
}
