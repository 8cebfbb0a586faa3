import type { Prompter } from '../prompt/index.ts';
import type { Clock } from '../system/index.ts';
import type { Vault } from '../vault/index.ts';
import type { StsConnection } from './connection.ts';
import type { SessionFlights } from './session-flights.ts';
import type { Surroundings } from './surroundings.ts';

/** The services and settings for running a plan. */
export interface SessionRun {
  readonly vault: Vault;
  readonly prompter: Prompter;
  readonly clock: Clock;
  /** The folder for lock files (AppPaths.locks). */
  readonly locks: string;
  /** A cached session with less time left is replaced; the plan's own value by default. */
  readonly minTtlSeconds?: number;
  /** Renew the plan's last session even if it is still good. */
  readonly refresh?: boolean;
  /** A code from the command line (`--mfa-token`): six digits. */
  readonly mfaToken?: string | undefined;
  /**
   * Ask AWS for account and ARN if the credentials come without them (GetSessionToken, access
   * keys).
   */
  readonly needAccount?: boolean;
  /**
   * The process's environment without the variables set by awsh: home, programs, proxies,
   * authorities; and the caller's keys, for `credential_source = Environment`.
   */
  readonly surroundings?: Surroundings;
  /**
   * False if only the clock asks: the commands of the config file (credential_process, mfa_process)
   * are not started then, because a window or a request for a touch would be unexpected.
   */
  readonly runsCommands?: boolean;
  readonly connection?: StsConnection | undefined;
  /**
   * The time limit of all calls and waits of this run together, in milliseconds, while a prompt
   * waits; without the time of questions and of the config file's commands. Undefined: each call
   * has its own limit.
   */
  readonly withinMs?: number;
  /**
   * The time limit of each of the config file's commands, in milliseconds, while a prompt waits; a
   * minute by default.
   */
  readonly commandMs?: number | undefined;
  /** Shares sessions with other commands and shells; undefined without an agent. */
  readonly flights?: SessionFlights | undefined;
  /**
   * One line for the user: the plan's notes, and what happened. Called only if something new was
   * made.
   */
  readonly say?: (line: string) => void;
  /** `--debug`: a line for each thing that is found or done. */
  readonly trace?: ((line: string) => void) | undefined;
}
