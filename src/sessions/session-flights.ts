import type { Credentials } from '../system/index.ts';

/** A session that a command or shell wants. */
export interface WantedSession {
  readonly id: string;
  readonly profile: string;
  /** The least remaining time, in seconds. */
  readonly minTtlSeconds: number;
  /** The existing session is not accepted: a new one must be made. */
  readonly renew: boolean;
}

/** A question for a session, described by the command that is about to ask it. */
export interface OpenQuestion {
  /** False if a program gives the code, so that the user is not asked. */
  readonly byUser: boolean;
  /** The session, if another command has stored it since this one first looked. */
  readonly findMade: () => Promise<Credentials | null>;
  /** The disk refuses to tell others about the question; it is asked anyway. */
  readonly onUnavailable: (reason: unknown) => void;
}

/**
 * Coordinates fetches among all shells and commands: one at a time finds or makes a session, and
 * the others get the result. The agent does this; without one, a lock file is held during the call
 * to AWS.
 */
export interface SessionFlights {
  /**
   * The session, if it exists or another command makes it in the meantime. Null: the caller must
   * find or make it, and then call `kept` or `failed`. Throws if another command has held the
   * session for longer than this one waits.
   */
  take(wanted: WantedSession): Promise<Credentials | null>;
  /** True while another command has an open question for it, with or without an agent. */
  isAskedElsewhere(wanted: WantedSession): Promise<boolean>;
  /**
   * Before a code is asked for here: waits while the question is open elsewhere. Returns the
   * session that was made there; null means that only the caller asks, until `kept` or `failed`.
   * Throws as {@link take} does.
   */
  asking(wanted: WantedSession, question: OpenQuestion): Promise<Credentials | null>;
  /** Gives the session to all others. Never throws. */
  kept(wanted: WantedSession, session: Credentials): Promise<void>;
  /** Reports that the session could not be made. Never throws. */
  failed(wanted: WantedSession, error: unknown): Promise<void>;
}
