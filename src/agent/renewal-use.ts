import type { PlanOptions } from '../sessions/index.ts';
import type { Environment } from '../system/index.ts';

/** What a session was given out for: enough to make the same plan again in a worker. No secret. */
export interface RenewalUse {
  readonly profile: string;
  /** What was fixed when the hook was sourced, or the command's own: files, proxies. */
  readonly surroundings: Environment;
  /** What steers the plan: empty on the directory path (SECURITY 4). */
  readonly environment: Environment;
  readonly options: PlanOptions;
}
