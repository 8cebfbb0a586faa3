import type { RenewalUse } from './renewal-use.ts';

/** What the agent writes to a worker's stdin: JSON, once. */
export type WorkerTask =
  | {
      readonly kind: 'renew';
      /** The session that is to be made anew; where the plan has become another one, the worker does nothing. */
      readonly session: string;
      readonly use: RenewalUse;
      /** What opens the file backend, by folder, where the person unlocked it. */
      readonly vaultKeys: Readonly<Record<string, string>>;
    }
  /** Remove the stored sessions. */
  | { readonly kind: 'lock' };

/**
 * What the worker writes to its stdout: JSON, once. `session` holds {@link sessionLines}. A failure names the kind of
 * error and what happened, never a secret; `again` says whether time alone may mend it.
 */
export type WorkerResult =
  | { readonly kind: 'session'; readonly session: readonly (readonly [string, string])[] }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly failure: string; readonly again: boolean };
