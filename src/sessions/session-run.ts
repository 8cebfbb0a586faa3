import type { Prompter } from '../prompt/index.ts';
import type { Clock } from '../system/index.ts';
import type { Vault } from '../vault/index.ts';
import type { StsConnection } from './connection.ts';
import type { SessionFlights } from './session-flights.ts';
import type { Surroundings } from './surroundings.ts';

/** What a plan runs with. */
export interface SessionRun {
  readonly vault: Vault;
  readonly prompter: Prompter;
  readonly clock: Clock;
  /** The folder for lock files (AppPaths.locks). */
  readonly locks: string;
  /** A cached session with less time left is replaced; the plan's own value by default. */
  readonly minTtlSeconds?: number;
  /** Renew the plan's last session even where it is still good. */
  readonly refresh?: boolean;
  /** A code given beforehand (`--mfa-token`): six digits. */
  readonly mfaToken?: string | undefined;
  /** Ask AWS for account and ARN where the credentials come without them (GetSessionToken, plain keys). */
  readonly needAccount?: boolean;
  /**
   * The process's environment without what awsh put there: home, programs, proxies, authorities; and, for
   * `credential_source = Environment`, the caller's keys.
   */
  readonly surroundings?: Surroundings;
  /**
   * False where only time asks: the commands of the config file (credential_process, mfa_process) are not started then, for
   * nobody would know where a window or a request for a touch comes from.
   */
  readonly runsCommands?: boolean;
  readonly connection?: StsConnection | undefined;
  /**
   * How long all calls and waits of this run may take together, in milliseconds, while a prompt waits; the time of questions
   * and of the config file's commands apart. Without it, each call has its own limit.
   */
  readonly withinMs?: number;
  /** How long each of the config file's commands may take while a prompt waits. Without it, a minute. */
  readonly commandMs?: number | undefined;
  /** Who else wants these sessions, and has them; absent without an agent. */
  readonly flights?: SessionFlights | undefined;
  /** One line for the person: the plan's notes and what happened on the way. Called only where something new was made. */
  readonly say?: (line: string) => void;
  /** `--debug`: a line for each thing that is found or done. */
  readonly trace?: ((line: string) => void) | undefined;
}
