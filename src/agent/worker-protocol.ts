import type { RenewalUse } from './renewal-use.ts';

/** What the agent writes to a worker's stdin: JSON, once. */
export type WorkerTask =
  | {
      readonly kind: 'renew';
      /**
       * The id of the session to make again. If the plan's session now has another id, the worker
       * does nothing.
       */
      readonly session: string;
      readonly use: RenewalUse;
      /** The keys of the file backend, by folder, if the user has unlocked it. */
      readonly vaultKeys: Readonly<Record<string, string>>;
    }
  /** Remove the stored sessions. */
  | { readonly kind: 'lock' };

/**
 * What the worker writes to its stdout: JSON, once. `session` contains {@link sessionLines}. A
 * failure names the kind of error and what happened, never a secret; `again` says whether it may
 * pass with time.
 */
export type WorkerResult =
  | { readonly kind: 'session'; readonly session: readonly (readonly [string, string])[] }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly failure: string; readonly again: boolean };
