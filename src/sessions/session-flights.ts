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

/** A question for a session, as the command that is about to ask it describes it. */
export interface OpenQuestion {
  /** False if no user is asked: a program gives the code. */
  readonly byUser: boolean;
  /** The session, if another command has stored it since this one first looked. */
  readonly findMade: () => Promise<Credentials | null>;
  /** The disk refuses to tell others about the question: it is asked all the same. */
  readonly onUnavailable: (reason: unknown) => void;
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
  /** True while a question for it is open in another command, whether or not there is an agent. */
  isAskedElsewhere(wanted: WantedSession): Promise<boolean>;
  /**
   * Before a code is asked for here: waits while the question is open elsewhere. The session that was made there; or null: the
   * question is the caller's alone, until `kept` or `failed`. Throws as {@link take} does.
   */
  asking(wanted: WantedSession, question: OpenQuestion): Promise<Credentials | null>;
  /** Here it is, for everybody. Never throws. */
  kept(wanted: WantedSession, session: Credentials): Promise<void>;
  /** It was not to be had. Never throws. */
  failed(wanted: WantedSession, error: unknown): Promise<void>;
}
