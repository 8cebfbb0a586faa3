import type { PlanOptions } from '../sessions/index.ts';
import type { Environment } from '../system/index.ts';

/** The use of a session: enough to make the same plan again in a worker. Contains no secret. */
export interface RenewalUse {
  readonly profile: string;
  /**
   * The variables that were fixed when the hook was sourced, or the command's own: files, proxies.
   */
  readonly surroundings: Environment;
  /** The variables that affect the plan: none for a directory (security rule 4). */
  readonly environment: Environment;
  readonly options: PlanOptions;
}
