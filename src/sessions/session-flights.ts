import type { Credentials } from '../system/index.ts';

/** A session that somebody wants. */
export interface WantedSession {
  readonly id: string;
  readonly profile: string;
  /** One with less time left will not do. */
  readonly minTtlSeconds: number;
  /** Nor will the one there is: it is to be made anew. */
  readonly renew: boolean;
}

/**
 * One flight for one session, among all shells and commands: whoever holds it finds or makes the session, the others are
 * given what came of it. The agent is such a place; without one, a lock file is held for the call to AWS alone.
 */
export interface SessionFlights {
  /**
   * The session, where it is there already or was made by another meanwhile. Null: it is the caller's to find or make,
   * until `kept` or `failed`. Throws where another has held the flight for longer than this command waits.
   */
  take(wanted: WantedSession): Promise<Credentials | null>;
  /** A person is about to be asked for it, here. */
  asking(wanted: WantedSession): Promise<void>;
  /** Here it is, for everybody. Never throws. */
  kept(wanted: WantedSession, session: Credentials): Promise<void>;
  /** It was not to be had. Never throws. */
  failed(wanted: WantedSession, error: unknown): Promise<void>;
}
