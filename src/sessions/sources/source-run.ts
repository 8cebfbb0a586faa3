import type { Clock } from '../../system/index.ts';
import type { StsConnection } from '../connection.ts';
import type { CommandUse } from '../run-command.ts';
import type { SealingKey } from '../sso/sealed-token.ts';
import type { Surroundings } from '../surroundings.ts';

/** The services for the first step of a chain. */
export interface SourceRun {
  readonly clock: Clock;
  /** The folder for lock files. */
  readonly locks: string;
  readonly surroundings: Surroundings;
  readonly connection: StsConnection;
  readonly commands: CommandUse;
  readonly promptMs: number | undefined;
  /** For tokens that are stored encrypted; without it they cannot be used. */
  readonly sealingKey?: SealingKey;
}
