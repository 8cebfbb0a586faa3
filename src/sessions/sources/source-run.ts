import type { Clock } from '../../system/index.ts';
import type { StsConnection } from '../connection.ts';
import type { CommandUse } from '../run-command.ts';
import type { Surroundings } from '../surroundings.ts';

/** What the steps that begin a chain work with. */
export interface SourceRun {
  readonly clock: Clock;
  /** The folder for lock files. */
  readonly locks: string;
  readonly surroundings: Surroundings;
  readonly connection: StsConnection;
  readonly commands: CommandUse;
  readonly promptMs: number | undefined;
}
